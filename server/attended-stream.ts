/**
 * The same stream, none of whose failures is unhandled: tRPC asks for the next value before it
 * sends one, and does not look at it any more when the client has left meanwhile.
 */
export function attendStream(stream: unknown): unknown {
  if (!isIterable(stream)) return stream;
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = stream[Symbol.asyncIterator]();
      return {
        next: () => {
          const value = iterator.next();
          value.catch(() => undefined);
          return value;
        },
        return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      };
    },
  };
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

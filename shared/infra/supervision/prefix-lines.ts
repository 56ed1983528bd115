// The output of several processes on one screen.

/** Passes `stream` on line by line, each with `prefix` before it; ends with the stream. */
export async function prefixLines(
  stream: ReadableStream<Uint8Array>,
  prefix: string,
  write: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) write(prefix + line);
  }
  rest += decoder.decode();
  if (rest !== "") write(prefix + rest);
}

// What the browsers' types, which the whole project is checked with, do not say.

/** Bun's WebSocket takes headers where browsers take a list of protocols. */
export function withHeaders(headers: Record<string, string>): string[] {
  return { headers } as unknown as string[];
}

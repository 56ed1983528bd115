// Texts of a database that may be damaged are asked for as bytes: one that is not UTF-8 any more
// ends the process inside libSQL's driver, without a word of what is the matter.

/** A text column, or whatever becomes a text, as `readText` takes it. */
export function asBytes(expression: string): string {
  return `CAST(${expression} AS BLOB)`;
}

/** The text of such a column; what is no UTF-8 in it is replaced. */
export function readText(value: unknown): string {
  if (value instanceof ArrayBuffer || value instanceof Uint8Array) return decoder.decode(value);
  return String(value);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

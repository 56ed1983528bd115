// Protobuf messages in parts, for those that are too large to be moved about while their lengths
// are found out: the parts stay where they are until all is put together once.
import { WireWriter } from "#shared/net/wire-writer.ts";

const LENGTH_DELIMITED = 2;
const PREFIX_BYTES_MAX = 16;

/** The bytes of a message, one part after the other. */
export type Parts = Uint8Array[];

/** A field that holds the parts: a message, bytes or a text. */
export function lengthPrefixed(field: number, parts: Readonly<Parts>): Parts {
  const prefix = new WireWriter(PREFIX_BYTES_MAX);
  prefix.packed((field << 3) | LENGTH_DELIMITED);
  prefix.packed(countBytes(parts));
  return [prefix.view(), ...parts];
}

/** All parts in memory of their own. */
export function joinParts(parts: Readonly<Parts>): Uint8Array {
  const joined = new Uint8Array(countBytes(parts));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function countBytes(parts: Readonly<Parts>): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

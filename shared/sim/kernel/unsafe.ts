// The casts of the kernel, each with the reason why it holds.

import type { ColumnSchema, Columns, ColumnType, NumberColumn } from "./entity-table.ts";
import { MURMUR_BLOCK_WORDS } from "./murmur.ts";
import type { TableTexts } from "./texts.ts";

/** Columns of zeros, and those of texts as they are, one for each name of the schema. */
export function createColumns<Schema extends ColumnSchema>(
  schema: Schema,
  capacity: number,
  texts: TableTexts,
): Columns<Schema> {
  const columns: Record<string, NumberColumn | readonly string[]> = {};
  for (const [name, type] of Object.entries(schema)) {
    const column = texts.columns[name];
    if (column !== undefined) columns[name] = column.values;
    else if (type !== "string") columns[name] = createNumbers(type, capacity);
  }
  // Holds: the loop has made exactly one column per name, of the type that the schema gives it.
  return columns as Columns<Schema>;
}

const ARRAYS = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f64: Float64Array,
} as const;

/** Zeros, in a whole number of blocks of words so that they can be hashed without an end piece. */
export function createNumbers<Type extends Exclude<ColumnType, "string">>(
  type: Type,
  capacity: number,
): InstanceType<(typeof ARRAYS)[Type]> {
  const { BYTES_PER_ELEMENT } = ARRAYS[type];
  const blockBytes = MURMUR_BLOCK_WORDS * 4;
  const blocks = Math.ceil((capacity * BYTES_PER_ELEMENT) / blockBytes);
  const column = new ARRAYS[type](new ArrayBuffer(blocks * blockBytes), 0, capacity);
  // Holds: the class was looked up under this very type.
  return column as InstanceType<(typeof ARRAYS)[Type]>;
}

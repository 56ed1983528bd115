// The casts of the kernel, each with the reason why it holds.

import type { ColumnSchema, Columns, ColumnType, ColumnValues } from "./entity-table.ts";

/** Columns of zeros and empty strings, one for each name of the schema. */
export function createColumns<Schema extends ColumnSchema>(
  schema: Schema,
  capacity: number,
): Columns<Schema> {
  const columns: Record<string, ColumnValues> = {};
  for (const [name, type] of Object.entries(schema)) {
    columns[name] = createColumn(type, capacity);
  }
  // Holds: the loop has made exactly one column per name, of the type that the schema gives it.
  return columns as Columns<Schema>;
}

function createColumn(type: ColumnType, capacity: number): ColumnValues {
  switch (type) {
    case "u8":
      return new Uint8Array(capacity);
    case "i8":
      return new Int8Array(capacity);
    case "u16":
      return new Uint16Array(capacity);
    case "i32":
      return new Int32Array(capacity);
    case "u32":
      return new Uint32Array(capacity);
    case "f64":
      return new Float64Array(capacity);
    case "string":
      return new Array<string>(capacity).fill("");
  }
}

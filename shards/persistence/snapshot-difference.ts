import { fromBinary } from "@bufbuild/protobuf";
import { type SnapshotColumn, SnapshotSchema, type SnapshotTable } from "#proto/journal_pb.ts";

/** Version of the meaning of a snapshot's columns. */
export function versionOfSnapshot(snapshot: Uint8Array): number {
  return fromBinary(SnapshotSchema, snapshot).schemaVersion;
}

/**
 * The first table, column and row in which two snapshots of one tick differ, for people; undefined
 * when their tables do not. `is` and `was` name the one and the other.
 */
export function findDifference(is: Uint8Array, was: Uint8Array): string | undefined {
  const before = fromBinary(SnapshotSchema, was).tables;
  for (const table of fromBinary(SnapshotSchema, is).tables) {
    const other = before.find(({ name }) => name === table.name);
    if (other === undefined) return `table ${table.name} was not there`;
    const difference = findInTable(table, other);
    if (difference !== undefined) return `table ${table.name}, ${difference}`;
  }
  return undefined;
}

function findInTable(is: SnapshotTable, was: SnapshotTable): string | undefined {
  if (is.rows !== was.rows) return `rows: ${is.rows}, was ${was.rows}`;
  for (const column of is.columns) {
    const other = was.columns.find(({ name }) => name === column.name);
    if (other === undefined) return `column ${column.name} was not there`;
    const [left, right] = [readValues(column, is.rows), readValues(other, is.rows)];
    const row = left.findIndex((value, index) => value !== right[index]);
    if (row !== -1) return `column ${column.name}, row ${row}: ${left[row]}, was ${right[row]}`;
  }
  return undefined;
}

/** A text for each row; numbers as their bytes, since a column does not tell its kind. */
function readValues({ values }: SnapshotColumn, rows: number): readonly string[] {
  if (values.case === "strings") return values.value.values.map((text) => JSON.stringify(text));
  const bytes = values.case === "numbers" ? values.value : new Uint8Array(0);
  const width = rows === 0 ? 0 : bytes.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const value = bytes.slice(row * width, (row + 1) * width).reverse();
    return `0x${value.toHex()}`;
  });
}

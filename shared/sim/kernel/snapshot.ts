// Tables to and from the messages in which they are stored. Numbers are the columns' own bytes:
// little-endian, as on every machine that Bun and the browsers run on.

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type Snapshot,
  type SnapshotColumn,
  SnapshotSchema,
  type SnapshotTable,
  type SnapshotTableSchema,
} from "#proto/journal_pb.ts";
import {
  type EntityTable,
  entityId,
  generationOf,
  isTexts,
  type NumberColumn,
  recountTable,
} from "./entity-table.ts";
import { writeColumnTexts } from "./texts.ts";

/** What is wrong with a snapshot. */
export type SnapshotProblem = "unreadable" | "version" | "world" | "layout" | "capacity";

/** A snapshot that cannot be restored; the message names what is wrong and the way out. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";

  constructor(
    readonly problem: SnapshotProblem,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`cannot restore snapshot: ${reason}`, options);
  }
}

/** Serialises a snapshot. */
export function encodeSnapshot(snapshot: MessageInitShape<typeof SnapshotSchema>): Uint8Array {
  return toBinary(SnapshotSchema, create(SnapshotSchema, snapshot));
}

/** Reads a snapshot of one kind of world and refuses a version that this program does not know. */
export function decodeSnapshot(
  bytes: Uint8Array,
  expected: { readonly world: string; readonly schemaVersions: readonly number[] },
): Snapshot {
  const snapshot = parseSnapshot(bytes);
  const world = snapshot.parameters.case;
  if (!expected.schemaVersions.includes(snapshot.schemaVersion)) {
    throw versionError(snapshot.schemaVersion, expected.schemaVersions);
  }
  if (world !== expected.world) {
    throw new SnapshotError(
      "world",
      `it holds the world ${world ?? "(none)"}, not ${expected.world}; give the shard the data ` +
        "of its own world",
    );
  }
  return snapshot;
}

function versionError(found: number, read: readonly number[]): SnapshotError {
  const isOlder = read.every((version) => version > found);
  const fix = isOlder
    ? "run the release that wrote it, or move the database away to start the world anew"
    : "run the release that wrote it or a newer one";
  const reason = `schema version is ${found}, this program reads ${read.join(" and ")}; ${fix}`;
  return new SnapshotError("version", reason);
}

/** A copy of a table as a message. */
export function encodeTable(table: EntityTable): MessageInitShape<typeof SnapshotTableSchema> {
  const { rowCount } = table;
  const columns = Object.keys(table.schema).map((name) => {
    const column = table.columns[name];
    if (column === undefined) throw new Error(`cannot encode table: column ${name} is missing`);
    if (!isTexts(column)) return numbersColumn(name, column, rowCount);
    const values = column.slice(0, rowCount);
    return { name, values: { case: "strings" as const, value: { values } } };
  });
  const own = [
    numbersColumn(ID_COLUMN, table.ids, rowCount),
    numbersColumn(GENERATION_COLUMN, table.generations, rowCount),
  ];
  return { name: table.name, rows: rowCount, columns: [...own, ...columns] };
}

/** Fills an empty table with the one of the same name in a snapshot. */
export function decodeTable(table: EntityTable, snapshot: Snapshot): void {
  const stored = snapshot.tables.find((candidate) => candidate.name === table.name);
  if (stored === undefined) throw layoutError(`table ${table.name} is missing`);
  if (stored.rows > table.capacity) {
    throw new SnapshotError(
      "capacity",
      `table ${table.name} has ${stored.rows} rows, this world has room for ${table.capacity}; ` +
        "raise the capacity",
    );
  }
  checkColumnNames(table, stored);
  readNumbers(findColumn(stored, ID_COLUMN), table.ids, stored);
  readNumbers(findColumn(stored, GENERATION_COLUMN), table.generations, stored);
  for (const name in table.schema) {
    const column = table.columns[name];
    if (column === undefined) continue;
    if (isTexts(column)) readTexts(findColumn(stored, name), table, stored);
    else readNumbers(findColumn(stored, name), column, stored);
  }
  checkIds(table, stored.rows);
  recountTable(table, stored.rows);
}

/** Where a stored table keeps its ids; not a name that a schema can give, like the next one. */
export const ID_COLUMN = "#id";
export const GENERATION_COLUMN = "#generation";

function parseSnapshot(bytes: Uint8Array): Snapshot {
  try {
    return fromBinary(SnapshotSchema, bytes);
  } catch (cause) {
    throw new SnapshotError("unreadable", "the bytes are not a snapshot; use an older one", {
      cause,
    });
  }
}

function numbersColumn(name: string, column: NumberColumn, rowCount: number) {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = column;
  const value = new Uint8Array(buffer, byteOffset, rowCount * BYTES_PER_ELEMENT).slice();
  return { name, values: { case: "numbers" as const, value } };
}

function checkColumnNames(table: EntityTable, stored: SnapshotTable): void {
  const known = [ID_COLUMN, GENERATION_COLUMN, ...Object.keys(table.schema)];
  const names = stored.columns.map((column) => column.name);
  const strange = names.find((name, index) => !known.includes(name) || names.indexOf(name) < index);
  if (strange !== undefined) {
    throw layoutError(`column ${table.name}.${strange} is unknown or there twice`);
  }
}

function findColumn(stored: SnapshotTable, name: string): SnapshotColumn {
  const column = stored.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw layoutError(`column ${stored.name}.${name} is missing`);
  return column;
}

function readNumbers(column: SnapshotColumn, into: NumberColumn, stored: SnapshotTable): void {
  const expected = stored.rows * into.BYTES_PER_ELEMENT;
  const bytes = column.values.case === "numbers" ? column.values.value : undefined;
  if (bytes?.length !== expected) {
    throw layoutError(
      `column ${stored.name}.${column.name} has ${bytes?.length ?? "no"} bytes, ${stored.rows} ` +
        `rows need ${expected}`,
    );
  }
  new Uint8Array(into.buffer, into.byteOffset, expected).set(bytes);
}

function readTexts(column: SnapshotColumn, into: EntityTable, stored: SnapshotTable): void {
  const values = column.values.case === "strings" ? column.values.value.values : undefined;
  if (values?.length !== stored.rows) {
    throw layoutError(
      `column ${stored.name}.${column.name} has ${values?.length ?? "no"} texts, ${stored.rows} ` +
        "rows need as many",
    );
  }
  writeColumnTexts(into.texts, column.name, values);
}

function checkIds(table: EntityTable, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const id = table.ids[row] ?? 0;
    const isOwn = id === entityId(row, generationOf(id)) && table.generations[row] !== 0;
    if (id !== 0 && !isOwn) {
      throw layoutError(`row ${row} of table ${table.name} holds the id ${id} of another row`);
    }
  }
}

function layoutError(reason: string): SnapshotError {
  return new SnapshotError("layout", `${reason}; the snapshot is damaged, use an older one`);
}

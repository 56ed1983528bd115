import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { type Snapshot, SnapshotSchema } from "#proto/journal_pb.ts";
import { addEntity, createEntityTable, removeEntity, writeTexts } from "./entity-table.ts";
import { createStateHash, hashDigest } from "./hash.ts";
import {
  decodeSnapshot,
  decodeTable,
  encodeSnapshot,
  encodeTable,
  SnapshotError,
} from "./snapshot.ts";
import { hashTable } from "./table-hash.ts";

const schema = {
  a: "u8",
  b: "i8",
  c: "u16",
  d: "i32",
  e: "u32",
  f: "f64",
  name: "string",
} as const;
const expected = { world: "arena", schemaVersions: [2, 3] };

function createTable(capacity = 8) {
  return createEntityTable("things", schema, capacity);
}

function createFilled() {
  const table = createTable();
  for (let row = 0; row < 4; row++) {
    addEntity(table);
    table.columns.a[row] = 250 + row;
    table.columns.b[row] = -row;
    table.columns.c[row] = 65_000 + row;
    table.columns.d[row] = -1_000_000 * row;
    table.columns.e[row] = 0xffff_fff0 + row;
    table.columns.f[row] = row / 3;
    writeTexts(table, row, { name: `Zoë ${row} 🏰` });
  }
  removeEntity(table, 1);
  return table;
}

function encodeFilled(change: (snapshot: Snapshot) => void = () => {}): Uint8Array {
  const snapshot = create(SnapshotSchema, {
    schemaVersion: 3,
    tick: 77,
    parameters: { case: "arena", value: {} },
    tables: [encodeTable(createFilled())],
  });
  change(snapshot);
  return encodeSnapshot(snapshot);
}

function digestOf(table: ReturnType<typeof createTable>): string {
  const hash = createStateHash();
  hashTable(hash, table);
  return hashDigest(hash);
}

describe("a table", () => {
  test("comes back as it was, free rows and their generations included", () => {
    const original = createFilled();
    const restored = createTable(5);
    decodeTable(restored, decodeSnapshot(encodeFilled(), expected));
    expect(digestOf(restored)).toBe(digestOf(original));
    expect([restored.population, restored.rowCount]).toEqual([3, 4]);
    expect(addEntity(restored)).toBe(addEntity(original));
    expect(restored.ids[1]).toBe(original.ids[1]);
  });

  test("is a copy: later changes do not reach it", () => {
    const table = createFilled();
    const encoded = encodeTable(table);
    table.columns.c[0] = 1;
    writeTexts(table, 0, { name: "later" });
    expect(encoded).toEqual(encodeTable(createFilled()));
  });
});

describe("a snapshot is refused", () => {
  test.each([
    ["unreadable", new Uint8Array([0xff, 1, 2]), "the bytes are not a snapshot"],
    [
      "version",
      encodeFilled((s) => {
        s.schemaVersion = 4;
      }),
      "schema version is 4, this program reads 2 and 3",
    ],
    ["version", new Uint8Array(0), "schema version is 0, this program reads 2 and 3"],
    [
      "world",
      encodeFilled((s) => {
        s.parameters = { case: undefined };
      }),
      "it holds the world (none), not arena",
    ],
    [
      "layout",
      encodeFilled((s) => {
        s.tables = [];
      }),
      "table things is missing",
    ],
    [
      "layout",
      encodeFilled((s) => {
        s.tables[0]?.columns.pop();
      }),
      "column things.name is missing",
    ],
    [
      "layout",
      encodeFilled((s) => {
        renameColumn(s, "a", "z");
      }),
      "column things.z is unknown",
    ],
    [
      "layout",
      encodeFilled((s) => {
        renameColumn(s, "a", "b");
      }),
      "column things.b is unknown or there twice",
    ],
    [
      "layout",
      encodeFilled((s) => {
        cutColumn(s, "e");
      }),
      "column things.e has 15 bytes, 4 rows need 16",
    ],
    [
      "layout",
      encodeFilled((s) => {
        cutColumn(s, "#id");
      }),
      "column things.#id has 15 bytes, 4 rows need 16",
    ],
    [
      "layout",
      encodeFilled((s) => {
        cutColumn(s, "name");
      }),
      "column things.name has 3 texts, 4 rows need as many",
    ],
    [
      "layout",
      encodeFilled((s) => {
        swapValues(s);
      }),
      "column things.a has no bytes, 4 rows need 4",
    ],
    [
      "layout",
      encodeFilled((s) => {
        wipeGenerations(s);
      }),
      "row 0 of table things holds the id 1048576 of another row",
    ],
  ] as const)("as %s", (problem, bytes, message) => {
    const restore = () => decodeTable(createTable(), decodeSnapshot(bytes, expected));
    const error = errorOf(restore);
    expect(error.problem).toBe(problem);
    expect(error.message).toStartWith(`cannot restore snapshot: ${message}`);
  });

  test("when it has more rows than there is room for", () => {
    const error = errorOf(() =>
      decodeTable(createTable(3), decodeSnapshot(encodeFilled(), expected)),
    );
    expect(error.problem).toBe("capacity");
    expect(error.message).toBe(
      "cannot restore snapshot: table things has 4 rows, this world has room for 3; raise the " +
        "capacity",
    );
  });
});

function errorOf(run: () => void): SnapshotError {
  try {
    run();
  } catch (error) {
    if (error instanceof SnapshotError) return error;
    throw error;
  }
  throw new Error("cannot find an error: nothing was thrown");
}

function columnOf(snapshot: Snapshot, name: string) {
  const column = snapshot.tables[0]?.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`cannot find column ${name}: the table has none`);
  return column;
}

function renameColumn(snapshot: Snapshot, from: string, to: string): void {
  columnOf(snapshot, from).name = to;
}

function cutColumn(snapshot: Snapshot, name: string): void {
  const { values } = columnOf(snapshot, name);
  if (values.case === "numbers") values.value = values.value.slice(0, -1);
  if (values.case === "strings") values.value.values.pop();
}

function swapValues(snapshot: Snapshot): void {
  columnOf(snapshot, "a").values = columnOf(snapshot, "name").values;
}

function wipeGenerations(snapshot: Snapshot): void {
  const { values } = columnOf(snapshot, "#generation");
  if (values.case === "numbers") values.value.fill(0);
}

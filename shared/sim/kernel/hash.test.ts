import { describe, expect, test } from "bun:test";
import { addEntity, createEntityTable, removeEntity } from "./entity-table.ts";
import { createStateHash, hashDigest, hashTable, hashText, hashWord } from "./hash.ts";

const schema = { small: "i8", big: "u32", exact: "f64", name: "string" } as const;

function createTable(capacity = 4) {
  const table = createEntityTable("things", schema, capacity);
  addEntity(table);
  addEntity(table);
  return table;
}

function digestOf(table: ReturnType<typeof createTable>): string {
  const hash = createStateHash();
  hashTable(hash, table);
  return hashDigest(hash);
}

describe("hashTable", () => {
  test("is 16 hexadecimal digits, the same for the same table, whatever its capacity", () => {
    expect(digestOf(createTable())).toMatch(/^[0-9a-f]{16}$/);
    expect(digestOf(createTable(4))).toBe(digestOf(createTable(400)));
  });

  const changes: Record<string, (table: ReturnType<typeof createTable>) => void> = {
    "a negative number": (table) => table.columns.small.set([-1]),
    "another row": (table) => table.columns.small.set([0, -1]),
    "the highest bit": (table) => table.columns.big.set([0x8000_0000]),
    "the last bit of a fraction": (table) => table.columns.exact.set([Number.MIN_VALUE]),
    "a negative zero": (table) => table.columns.exact.set([-0]),
    "a name": (table) => table.columns.name.splice(0, 1, "Ada"),
    "the same name in another row": (table) => table.columns.name.splice(1, 1, "Ada"),
    "a freed row": (table) => removeEntity(table, 1),
    "a new row": (table) => addEntity(table),
    "a row used a second time": (table) => {
      removeEntity(table, 1);
      addEntity(table);
    },
  };
  test("differs for every change", () => {
    const digests = new Map([["nothing", digestOf(createTable())]]);
    for (const [change, apply] of Object.entries(changes)) {
      const table = createTable();
      apply(table);
      digests.set(change, digestOf(table));
    }
    expect(new Set(digests.values()).size).toBe(digests.size);
  });
});

test("texts are told apart from their parts", () => {
  const digest = (texts: readonly string[]) => {
    const hash = createStateHash();
    for (const text of texts) hashText(hash, text);
    return hashDigest(hash);
  };
  expect(digest(["ab", "c"])).not.toBe(digest(["a", "bc"]));
  expect(digest(["", "a"])).not.toBe(digest(["a", ""]));
});

test("words do not collide, neither by value nor by number", () => {
  const digests = new Set<string>();
  for (let word = 0; word < 10_000; word++) {
    const hash = createStateHash();
    hashWord(hash, word);
    digests.add(hashDigest(hash));
  }
  const zeros = createStateHash();
  for (let count = 0; count < 10_000; count++) {
    digests.add(hashDigest(zeros));
    hashWord(zeros, 0);
  }
  // A single zero is in both series.
  expect(digests.size).toBe(19_999);
});

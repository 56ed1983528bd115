import { describe, expect, test } from "bun:test";
import { addEntity, createEntityTable, removeEntity, writeTexts } from "./entity-table.ts";
import { createStateHash, hashDigest } from "./hash.ts";
import { hashTable } from "./table-hash.ts";

const schema = { small: "i8", big: "u32", exact: "f64", name: "string", title: "string" } as const;

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
    "a name": (table) => writeTexts(table, 0, { name: "Ada" }),
    "the same name in another row": (table) => writeTexts(table, 1, { name: "Ada" }),
    "the same text in another column": (table) => writeTexts(table, 0, { title: "Ada" }),
    "two names": (table) => {
      writeTexts(table, 0, { name: "Ada" });
      writeTexts(table, 1, { name: "Bob" });
    },
    "two names the other way round": (table) => {
      writeTexts(table, 0, { name: "Bob" });
      writeTexts(table, 1, { name: "Ada" });
    },
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

test("texts that went the long way round come to the same hash", () => {
  const straight = createTable(3);
  const roundabout = createTable(9);
  writeTexts(straight, 1, { name: "Zoë", title: "Queen" });
  writeTexts(roundabout, 1, { title: "Queen" });
  writeTexts(roundabout, 0, { name: "Ada" });
  writeTexts(roundabout, 1, { name: "Bob" });
  writeTexts(roundabout, 1, { name: "Zoë" });
  writeTexts(roundabout, 0, { name: "" });
  expect(digestOf(roundabout)).toBe(digestOf(straight));
});

import { expect, test } from "bun:test";
import { CopyArea, createRandom, type Random, SnapshotCopier } from "#shared/sim/index.ts";
import {
  addEntity,
  createEntityTable,
  type EntityTable,
  removeEntity,
  writeTexts,
} from "#shared/sim/kernel/entity-table.ts";
import { encodeSnapshot, encodeTable } from "#shared/sim/kernel/snapshot.ts";
import { SnapshotEncoder } from "./snapshot-encoder.ts";

const schema = { a: "u8", name: "string", b: "i32", title: "string", c: "f64" } as const;
type Table = EntityTable<typeof schema>;

const TEXTS = ["", "Ada", "Zoë 🏰", "x".repeat(40), "x".repeat(200), "\ufeffmarked"];

/** A world of two tables whose copies are encoded and compared with what they must come to. */
function createWorkbench(capacity: number, giveWay: () => void = () => {}) {
  const things = createEntityTable("things", schema, capacity);
  const tables = [things, createEntityTable("bare", { x: "u16" }, capacity)] as const;
  const copier = new SnapshotCopier(tables);
  const area = new CopyArea((bytes) => new SharedArrayBuffer(bytes));
  const encoder = new SnapshotEncoder(async () => giveWay());
  let tick = 0;
  const encode = async (change: () => void = () => {}) => {
    tick += 1;
    const head = { schemaVersion: 3, tick, parameters: { case: "arena" as const, value: {} } };
    const expected = encodeSnapshot({ ...head, tables: tables.map(encodeTable) });
    const copy = { tick, head: encodeSnapshot(head), ...copier.copy(area) };
    change();
    const bytes = await encoder.encode(copy, new Uint8Array(area.buffer));
    return { bytes, expected };
  };
  return { tables, things, copier, encode };
}

function change(table: Table, random: Random): void {
  const row = random.below(table.capacity);
  if (table.ids[row] === 0) {
    addEntity(table);
    return;
  }
  const text = () => TEXTS[random.below(TEXTS.length)] ?? "";
  if (random.below(5) === 0) removeEntity(table, row);
  else if (random.below(2) === 0) writeTexts(table, row, { name: text(), title: text() });
  else writeTexts(table, row, { title: text() });
  table.columns.b[row] = random.uint32() | 0;
  table.columns.c[row] = random.uint32() / 7;
}

test("copies of a world that changes come to the bytes that protobuf-es writes", async () => {
  const seed = 20_261_121;
  const random = createRandom(seed);
  const { things, copier, encode } = createWorkbench(40);
  for (let round = 0; round < 300; round++) {
    for (let count = random.below(30); count > 0; count--) change(things, random);
    if (random.below(2) === 0) copier.collectTexts();
    const { bytes, expected } = await encode();
    expect(Buffer.from(bytes).equals(expected), `seed ${seed}, round ${round}`).toBe(true);
  }
  expect(things.rowCount).toBe(40);
});

test("a world that goes on while its copy is encoded does not reach it", async () => {
  const random = createRandom(1);
  let ways = 0;
  const bench = createWorkbench(25_000, () => {
    ways += 1;
    for (let count = 0; count < 100; count++) change(bench.things, random);
  });
  for (let row = 0; row < 25_000; row++) {
    writeTexts(bench.things, addEntity(bench.things), { name: `name ${row}`, title: "Zoë" });
  }
  for (let round = 0; round < 3; round++) {
    const { bytes, expected } = await bench.encode(() => change(bench.things, random));
    expect(Buffer.from(bytes).equals(expected), `round ${round}`).toBe(true);
  }
  // Two for the texts that are learned, two for each of two columns in three rounds.
  expect(ways).toBe(2 + 3 * 2 * 2);
});

test("tables without rows", async () => {
  const { encode } = createWorkbench(4);
  const { bytes, expected } = await encode();
  expect(Buffer.from(bytes).equals(expected)).toBe(true);
});

import { describe, expect, test } from "bun:test";
import {
  addEntity,
  createEntityTable,
  entityId,
  GENERATION_MAX,
  generationOf,
  placeEntity,
  recountTable,
  removeEntity,
  rowOf,
  skipGenerations,
  TABLE_CAPACITY_MAX,
  writeTexts,
} from "./entity-table.ts";
import { createRandom } from "./random.ts";

const schema = { x: "u16", name: "string" } as const;

function createTable(capacity: number) {
  return createEntityTable("things", schema, capacity);
}

describe("createEntityTable", () => {
  test("makes a column of each type", () => {
    const types = {
      a: "u8",
      b: "i8",
      c: "u16",
      d: "i32",
      e: "u32",
      f: "f64",
      g: "string",
    } as const;
    const { columns } = createEntityTable("all", types, 2);
    expect(columns).toEqual({
      a: new Uint8Array(2),
      b: new Int8Array(2),
      c: new Uint16Array(2),
      d: new Int32Array(2),
      e: new Uint32Array(2),
      f: new Float64Array(2),
      g: ["", ""],
    });
  });

  test.each([0, -1, 1.5, TABLE_CAPACITY_MAX + 1])("refuses a capacity of %p", (capacity) => {
    expect(() => createTable(capacity)).toThrow(
      `cannot create table things: capacity is ${capacity}, allowed is 1 to 1048576`,
    );
  });
});

describe("addEntity and removeEntity", () => {
  test("the lowest free row is taken, whatever the order of the removals", () => {
    const table = createTable(4);
    for (let row = 0; row < 4; row++) expect(addEntity(table)).toBe(row);
    expect(addEntity(table)).toBe(-1);
    removeEntity(table, 3);
    removeEntity(table, 1);
    removeEntity(table, 2);
    expect([addEntity(table), addEntity(table), addEntity(table)]).toEqual([1, 2, 3]);
    expect(table.population).toBe(4);
  });

  test("a row that is given out again has another id, and the old one finds nothing", () => {
    const table = createTable(2);
    const row = addEntity(table);
    const before = table.ids[row] ?? 0;
    removeEntity(table, row);
    expect(addEntity(table)).toBe(row);
    const after = table.ids[row] ?? 0;
    expect(before).toBe(entityId(0, 1));
    expect(after).toBe(entityId(0, 2));
    expect(rowOf(table, before)).toBe(-1);
    expect(rowOf(table, after)).toBe(0);
  });

  test("generations start again after the last", () => {
    const table = createTable(1);
    for (let count = 0; count < GENERATION_MAX; count++) removeEntity(table, addEntity(table));
    expect(table.generations[0]).toBe(GENERATION_MAX);
    addEntity(table);
    expect(table.generations[0]).toBe(1);
  });

  test("a freed row holds nothing of what was in it", () => {
    const table = createTable(1);
    const row = addEntity(table);
    table.columns.x[row] = 7;
    writeTexts(table, row, { name: "Ada" });
    removeEntity(table, row);
    expect([table.columns.x[row], table.columns.name[row]]).toEqual([0, ""]);
    expect(() => removeEntity(table, row)).toThrow(
      "cannot remove row 0 of table things: it holds no entity",
    );
  });

  test("rowCount stays at the highest row that was ever used", () => {
    const table = createTable(3);
    addEntity(table);
    addEntity(table);
    removeEntity(table, 1);
    expect([table.rowCount, table.population]).toEqual([2, 1]);
  });
});

describe("after generations were skipped", () => {
  type Table = ReturnType<typeof createTable>;
  const HISTORIES: [string, (table: Table) => void][] = [
    ["an empty table", () => undefined],
    ["one with an entity", (table) => void addEntity(table)],
    ["one with a free row", (table) => removeEntity(table, addEntity(table))],
  ];

  /** Entities come and go; their ids. */
  function live(table: Table): Set<number> {
    const ids = new Set<number>();
    for (let count = 0; count < 40; count++) {
      const row = addEntity(table);
      ids.add(table.ids[row] ?? 0);
      if (table.population > 1 + (count % 3)) removeEntity(table, row);
    }
    return ids;
  }

  test.each(HISTORIES)("no id comes again that was given out in %s and lost", (_, begin) => {
    const lost = createTable(4);
    begin(lost);
    const shown = live(lost);
    const table = createTable(4);
    begin(table);
    const kept = [...table.ids].filter((id) => id !== 0);
    skipGenerations(table);
    expect(kept.map((id) => rowOf(table, id))).not.toContain(-1);
    for (const id of kept) removeEntity(table, rowOf(table, id));
    expect([...live(table)].filter((id) => shown.has(id))).toEqual([]);
  });

  test("they go round, and are never 0", () => {
    const table = createTable(2);
    addEntity(table);
    const seen = new Set<number>();
    for (let start = 0; start < GENERATION_MAX; start++) {
      skipGenerations(table);
      seen.add(table.generations[0] ?? 0);
    }
    expect([seen.size, seen.has(0)]).toEqual([GENERATION_MAX, false]);
  });
});

describe("rowOf", () => {
  test.each([0, 1, entityId(0, 2), entityId(1, 1), entityId(5, 1), 0xffff_ffff])(
    "does not find %p",
    (id) => {
      const table = createTable(2);
      addEntity(table);
      expect(rowOf(table, id)).toBe(-1);
    },
  );
});

describe("placeEntity", () => {
  test("keeps a foreign id in a table with fewer rows", () => {
    const table = createTable(1);
    const id = entityId(123, 7);
    expect(placeEntity(table, id)).toBe(0);
    expect(rowOf(table, id)).toBe(0);
    expect(generationOf(table.ids[0] ?? 0)).toBe(7);
  });

  test("takes the place of what stood in the row", () => {
    const table = createTable(1);
    placeEntity(table, entityId(5, 1));
    table.columns.x[0] = 9;
    placeEntity(table, entityId(6, 1));
    expect([table.ids[0], table.columns.x[0], table.population]).toEqual([entityId(6, 1), 0, 1]);
  });

  test("refuses an id that no entity has", () => {
    expect(() => placeEntity(createTable(1), 3)).toThrow("cannot place entity 3");
  });
});

test("a table that was written from outside goes on after a recount", () => {
  const table = createTable(4);
  table.ids.set([entityId(0, 3), 0, entityId(2, 1)]);
  table.generations.set([3, 9, 1]);
  recountTable(table, 3);
  expect([table.population, table.rowCount]).toEqual([2, 3]);
  expect(addEntity(table)).toBe(1);
  expect(table.ids[1]).toBe(entityId(1, 10));
  expect(addEntity(table)).toBe(3);
});

test("any sequence of adding and removing agrees with a list of names", () => {
  const seed = 20_260_101;
  const random = createRandom(seed);
  const table = createTable(12);
  const model: (string | undefined)[] = [];
  for (let step = 0; step < 5000; step++) {
    if (random.below(2) === 0) {
      const row = addEntity(table);
      const free = Array.from({ length: 12 }, (_, index) => index).find((index) => !model[index]);
      expect(row, `seed ${seed}, step ${step}`).toBe(free ?? -1);
      if (row === -1) continue;
      writeTexts(table, row, { name: `entity ${step}` });
      model[row] = `entity ${step}`;
    } else {
      const row = random.below(12);
      if (table.ids[row] === 0) continue;
      removeEntity(table, row);
      model[row] = undefined;
    }
    const names = table.columns.name.slice(0, model.length);
    expect(names, `seed ${seed}, step ${step}`).toEqual([...model].map((name) => name ?? ""));
    expect(table.population).toBe(model.filter(Boolean).length);
  }
});

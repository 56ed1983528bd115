import { describe, expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { type Snapshot, SnapshotSchema } from "#proto/journal_pb.ts";
import { decodeSnapshot, encodeSnapshot, SnapshotError } from "../../kernel/snapshot.ts";
import { hashArena } from "./hash.ts";
import type { ArenaInput } from "./messages.ts";
import { ARENA_SCHEMA_VERSION, decodeArenaSnapshot, encodeArenaSnapshot } from "./snapshot.ts";
import { stepArena } from "./step.ts";
import { createArenaWith, joinInput, leaveInput } from "./testing/inputs.ts";
import { createSeededArena, seededInputs } from "./testing/seeded-run.ts";

describe("a snapshot", () => {
  test.each([0, 1, 137, 600])(
    "after %d ticks gives the same world and the same future",
    (ticks) => {
      const seed = 55;
      const original = createSeededArena(seed);
      for (let tick = 0; tick < ticks; tick++) stepArena(original, seededInputs(seed, original));
      const { capacity } = original.players;
      const restored = decodeArenaSnapshot(encodeArenaSnapshot(original), { capacity });
      expect(hashArena(restored)).toBe(hashArena(original));
      // What is journaled: the inputs that the original was given.
      const journal: ArenaInput[][] = [];
      for (let tick = 0; tick < 600; tick++) {
        const inputs = seededInputs(seed, original);
        journal.push(inputs);
        stepArena(original, inputs);
      }
      for (const inputs of journal) stepArena(restored, inputs);
      expect(hashArena(restored)).toBe(hashArena(original));
      expect(restored.rowByPlayer).toEqual(original.rowByPlayer);
    },
  );

  test("may be restored with more room", () => {
    const { world } = createArenaWith([{}, {}, {}, {}]);
    const restored = decodeArenaSnapshot(encodeArenaSnapshot(world), { capacity: 100 });
    expect(hashArena(restored)).toBe(hashArena(world));
    stepArena(restored, [joinInput("fifth")]);
    expect(restored.effects.joined).toHaveLength(1);
  });

  test("with more rows than there is to be room for makes room", () => {
    const { world } = createArenaWith([{}, {}, {}]);
    const restored = decodeArenaSnapshot(encodeArenaSnapshot(world), { capacity: 2 });
    expect(hashArena(restored)).toBe(hashArena(world));
    expect(restored.players.capacity).toBe(4);
  });

  test("knows the players: one who joins takes over its entity", () => {
    const { world, entities } = createArenaWith([{}, {}]);
    const restored = decodeArenaSnapshot(encodeArenaSnapshot(world), { capacity: 4 });
    stepArena(restored, [joinInput("player-1")]);
    const entity = entities[1] ?? 0;
    expect(restored.effects.joined).toEqual([{ playerId: "player-1", entity, returning: true }]);
  });
});

describe("a snapshot of an older version", () => {
  /** What makes a snapshot one of the version before. */
  const ageing: Record<number, (snapshot: Snapshot) => void> = {
    3: (snapshot) => {
      for (const table of snapshot.tables) {
        table.columns = table.columns.filter(({ name }) => name !== "credits");
      }
    },
    2: (snapshot) => {
      for (const { name, values } of snapshot.tables.flatMap(({ columns }) => columns)) {
        if ((name !== "x" && name !== "y") || values.case !== "numbers") continue;
        const wide = new Uint32Array(values.value.slice().buffer);
        values.value = new Uint8Array(Uint16Array.from(wide).buffer);
      }
    },
  };

  test.each([
    [2, "without credits"],
    [1, "with narrow positions"],
  ])("%d, %s, gives the same world, in which everyone has a newcomer's credits", (version) => {
    const world = createSeededArena(7);
    for (let tick = 0; tick < 200; tick++) stepArena(world, seededInputs(7, world));
    stepArena(world, [leaveInput(world.players.ids[5] ?? 0)]);
    const { capacity, ids, columns, population, rowCount } = world.players;
    const snapshot = decode(encodeArenaSnapshot(world));
    for (; snapshot.schemaVersion > version; snapshot.schemaVersion--) {
      ageing[snapshot.schemaVersion]?.(snapshot);
    }
    const restored = decodeArenaSnapshot(encodeSnapshot(snapshot), { capacity });
    for (let row = 0; row < rowCount; row++) columns.credits[row] = ids[row] === 0 ? 0 : 3;
    expect(hashArena(restored)).toBe(hashArena(world));
    expect(population).toBeGreaterThan(20);
    expect(rowCount).toBeGreaterThan(population);
  });
});

function decode(bytes: Uint8Array): Snapshot {
  return decodeSnapshot(bytes, { world: "arena", schemaVersions: [ARENA_SCHEMA_VERSION] });
}

describe("a snapshot is refused", () => {
  const cases: readonly (readonly [string, (snapshot: Snapshot) => void, string])[] = [
    ["version", (snapshot) => Object.assign(snapshot, { schemaVersion: 4 }), "schema version is 4"],
    [
      "world",
      (snapshot) => Object.assign(snapshot, { parameters: { case: undefined } }),
      "it holds the world",
    ],
    ["layout", (snapshot) => Object.assign(snapshot, { tables: [] }), "table players is missing"],
    ["layout", (snapshot) => setNumber(snapshot, "x", 20_001), "players.x of row 0 is 20001"],
    ["layout", (snapshot) => setNumber(snapshot, "dx", 2), "players.dx of row 0 is 2"],
    ["layout", (snapshot) => setNumber(snapshot, "health", 101), "players.health of row 0 is 101"],
    [
      "layout",
      (snapshot) => setNumber(snapshot, "credits", 100),
      "players.credits of row 0 is 100",
    ],
    ["layout", (snapshot) => repeatPlayer(snapshot), "a player is there twice"],
    [
      "layout",
      (snapshot) => {
        if (snapshot.parameters.case === "arena") snapshot.parameters.value.tickRate = 5;
      },
      "cannot create arena: tickRate is 5, allowed is a whole number from 20 to 60",
    ],
  ];
  test.each(cases)("as %s (%#)", (problem, change, reason) => {
    const snapshot = decode(encodeArenaSnapshot(createArenaWith([{}, {}]).world));
    change(snapshot);
    const error = errorOf(() => decodeArenaSnapshot(encodeSnapshot(snapshot), { capacity: 4 }));
    expect<string>(error.problem).toBe(problem);
    expect(error.message).toStartWith(`cannot restore snapshot: ${reason}`);
  });

  test("when no world has room for it", () => {
    const snapshot = decode(encodeArenaSnapshot(createArenaWith([{}]).world));
    for (const table of snapshot.tables) table.rows = 0xffff_ffff;
    const error = errorOf(() => decodeArenaSnapshot(encodeSnapshot(snapshot), { capacity: 2 }));
    expect(error.problem).toBe("capacity");
  });

  test("for every cut of its bytes", () => {
    const bytes = encodeArenaSnapshot(createArenaWith([{}]).world);
    for (let length = 0; length < bytes.length; length++) {
      errorOf(() => decodeArenaSnapshot(bytes.slice(0, length), { capacity: 4 }));
    }
  });
});

function errorOf(run: () => unknown): SnapshotError {
  try {
    run();
  } catch (error) {
    if (error instanceof SnapshotError) return error;
    throw error;
  }
  throw new Error("cannot find an error: nothing was thrown");
}

function setNumber(snapshot: Snapshot, name: string, value: number): void {
  const column = snapshot.tables[0]?.columns.find((candidate) => candidate.name === name);
  if (column?.values.case !== "numbers") throw new Error(`cannot set ${name}: no such column`);
  const bytes = column.values.value;
  bytes[0] = value;
  if (name === "x") bytes[1] = value >> 8;
}

function repeatPlayer(snapshot: Snapshot): void {
  const column = snapshot.tables[0]?.columns.find(({ name }) => name === "playerId");
  if (column?.values.case !== "strings") throw new Error("cannot repeat: no player ids");
  column.values.value.values.fill("ada");
}

test("a snapshot of no world at all is refused", () => {
  const bytes = encodeSnapshot(create(SnapshotSchema, {}));
  expect(errorOf(() => decodeArenaSnapshot(bytes, { capacity: 1 })).problem).toBe("version");
});

import { expect, test } from "bun:test";
import { GhostRank, type RegionGhosts } from "../../world/region-ghosts.ts";
import { GHOSTS_IN_MESSAGE_MAX, packGhosts, unpackGhosts } from "./ghost-columns.ts";
import { GhostTeller, TOLD_MAX } from "./ghost-teller.ts";

const REPEAT_TURNS = 8;

/** A world of creatures, and of players in the last rows. */
function setUp(creatures: number, players: number) {
  const rowCount = creatures + players;
  const ids = Uint32Array.from({ length: rowCount }, (_, row) => row + 1);
  const toldTick = new Uint32Array(rowCount);
  const nobody = { kind: 1, age: 3, x: 7, y: 8, vx: -64, vy: 64, wounds: 1, facing: 2, state: 3 };
  const world = { tick: 10 };
  const rankOf = (row: number) => {
    if (ids[row] === 0) return GhostRank.None;
    return row < creatures ? GhostRank.Creature : GhostRank.Player;
  };
  const read = (row: number) => ({ ...nobody, id: ids[row] ?? 0, name: `name ${row}` });
  const ghosts: RegionGhosts = {
    get tick() {
      return world.tick;
    },
    ...{ tickRate: 20, held: 0, withoutRoom: 0 },
    own: { rowCount, ids, toldTick, rankOf, read },
    canShow: () => true,
    hear: () => undefined,
  };
  const teller = new GhostTeller(ghosts);
  const turn = () => {
    world.tick += 5;
    return teller.next();
  };
  return { world, ids, toldTick, teller, turn };
}

function idsOf(tellings: ReturnType<GhostTeller["next"]>): number[] {
  return tellings.flatMap(({ ghosts }) => ghosts.map(({ id }) => id));
}

test("those who changed are told of at once, and everyone every eighth turn", () => {
  const { world, toldTick, turn } = setUp(20, 4);
  expect(idsOf(turn()).sort((a, b) => a - b)).toHaveLength(24);
  const repeated = Array.from({ length: REPEAT_TURNS }, () => idsOf(turn())).flat();
  expect(repeated.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, row) => row + 1));
  toldTick[3] = world.tick + 1;
  expect(idsOf(turn())).toContain(4);
});

test("players come first, in messages of a bounded size", () => {
  const { turn } = setUp(50, 2_000);
  const tellings = turn();
  expect(
    idsOf(tellings)
      .slice(0, 2_000)
      .every((id) => id > 50),
  ).toBe(true);
  const most = GHOSTS_IN_MESSAGE_MAX;
  expect(tellings.map(({ ghosts }) => ghosts.length)).toEqual([most, most, 2]);
});

test("who left is told of once, and whoever has its place is somebody else", () => {
  const { ids, turn } = setUp(3, 1);
  turn();
  ids[1] = 0;
  ids[2] = 99;
  const tellings = turn();
  expect(tellings.flatMap(({ gone }) => gone)).toEqual([2, 3]);
  expect(idsOf(tellings)).toContain(99);
  expect(turn().flatMap(({ gone }) => gone)).toEqual([]);
});

test("of more than can be told creatures leave a quarter to players, and all have a turn", () => {
  const { teller, turn } = setUp(20_000, 3_000);
  const told = new Set<number>();
  for (let count = 0; count < 24; count += 1) for (const id of idsOf(turn())) told.add(id);
  expect(teller.known).toBeLessThanOrEqual(TOLD_MAX);
  expect([...told].filter((id) => id > 20_000)).toHaveLength(3_000);
  expect([...told].filter((id) => id <= 20_000)).toHaveLength(6_144 - 3_000);
});

test("where everyone changes in every turn, each is told of every other turn", () => {
  const { world, toldTick, turn } = setUp(0, 8_000);
  const lastTold = new Map<number, number>();
  for (let count = 1; count <= 12; count += 1) {
    toldTick.fill(world.tick + 5);
    for (const id of idsOf(turn())) lastTold.set(id, count);
  }
  expect(lastTold.size).toBe(8_000);
  expect(Math.min(...lastTold.values())).toBeGreaterThanOrEqual(11);
});

test("a telling is read as it was packed, and one that makes no sense is refused", () => {
  const { turn } = setUp(2, 1);
  const [telling] = turn();
  if (telling === undefined) throw new Error("cannot test: nothing was told");
  const reading = { region: "eu-west-1", canShow: () => true };
  expect(unpackGhosts(packGhosts(telling), reading)).toEqual(telling);
  const refusals = [
    [packGhosts({ ...telling, tickRate: 0 }), "0 ticks per second"],
    [packGhosts({ ...telling, gone: new Array(8_193).fill(1) }), "8193 who left in one message"],
    [new Uint8Array([0xff]), "not GhostColumns"],
    [packGhosts({ ...telling, ghosts: new Array(1_025).fill(telling.ghosts[0]) }), "1025 in one"],
    // Two more ages than there are ids.
    [new Uint8Array([...packGhosts(telling), 0x2a, 2, 1, 1]), "columns of different lengths"],
  ] as const;
  for (const [bytes, reason] of refusals) {
    expect(() => unpackGhosts(bytes, reading)).toThrow(reason);
  }
  const strict = { ...reading, canShow: () => false };
  expect(() => unpackGhosts(packGhosts(telling), strict)).toThrow("cannot be in this land");
});

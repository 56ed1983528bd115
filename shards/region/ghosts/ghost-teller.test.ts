import { expect, test } from "bun:test";
import { type GhostEmote, GhostRank, type RegionGhosts } from "../../world/region-ghosts.ts";
import {
  GHOSTS_IN_MESSAGE_MAX,
  type GhostTelling,
  packGhosts,
  unpackGhosts,
} from "./ghost-columns.ts";
import { CREATURES_TOLD_MAX, GhostTeller, TOLD_MAX } from "./ghost-teller.ts";

const REPEAT_ROUNDS = 8;
const NOTHING: GhostTelling = {
  tick: 0,
  tickRate: 0,
  ghosts: [],
  emotes: [],
  gone: [],
  allGone: false,
};

/** A world of creatures, and of players in the last rows. */
function setUp(creatures: number, players: number) {
  const rowCount = creatures + players;
  const ids = Uint32Array.from({ length: rowCount }, (_, row) => row + 1);
  const toldTick = new Uint32Array(rowCount);
  const nobody = { kind: 1, age: 3, x: 7, y: 8, vx: -64, vy: 64, wounds: 1, facing: 2, state: 3 };
  const world = { tick: 10 };
  const emotes: GhostEmote[] = [];
  const rankOf = (row: number) => {
    if (ids[row] === 0) return GhostRank.None;
    return row < creatures ? GhostRank.Creature : GhostRank.Player;
  };
  const read = (row: number) => ({ ...nobody, id: ids[row] ?? 0, name: `name ${row}` });
  const ghosts: RegionGhosts = {
    get tick() {
      return world.tick;
    },
    ...{ tickRate: 20, held: 0, withoutRoom: 0, lost: 0 },
    own: { rowCount, ids, toldTick, rankOf, read },
    canShow: () => true,
    takeEmotes: () => emotes.splice(0),
    hear: () => undefined,
  };
  const teller = new GhostTeller(ghosts);
  const round = () => {
    world.tick += 5;
    teller.begin();
    const tellings: GhostTelling[] = [];
    while (!teller.isOver) tellings.push(teller.next() ?? NOTHING);
    return tellings.filter((telling) => telling !== NOTHING);
  };
  return { world, ids, toldTick, emotes, teller, round };
}

function idsOf(tellings: readonly GhostTelling[]): number[] {
  return tellings.flatMap(({ ghosts }) => ghosts.map(({ id }) => id));
}

test("those who changed are told of at once, and everyone every eighth round", () => {
  const { world, toldTick, round } = setUp(20, 4);
  expect(idsOf(round()).sort((a, b) => a - b)).toHaveLength(24);
  const repeated = Array.from({ length: REPEAT_ROUNDS }, () => idsOf(round())).flat();
  expect(repeated.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, row) => row + 1));
  toldTick[3] = world.tick + 1;
  expect(idsOf(round())).toContain(4);
});

test("a round comes in messages of a bounded size", () => {
  const { round } = setUp(50, 2_000);
  const most = GHOSTS_IN_MESSAGE_MAX;
  expect(round().map(({ ghosts }) => ghosts.length)).toEqual([most, most, 2]);
});

test("who left is told of once, and whoever has its place is somebody else", () => {
  const { ids, round } = setUp(3, 1);
  round();
  ids[1] = 0;
  ids[2] = 99;
  const tellings = round();
  expect(tellings.flatMap(({ gone }) => gone)).toEqual([2, 3]);
  expect(idsOf(tellings)).toContain(99);
  expect(round().flatMap(({ gone }) => gone)).toEqual([]);
});

test("creatures leave room for players, and others come when some are gone", () => {
  const { ids, teller, round } = setUp(20_000, 9_000);
  const isCreature = (id: number) => id <= 20_000;
  const told = new Set(idsOf(round()));
  expect([teller.known, told.size]).toEqual([TOLD_MAX, TOLD_MAX]);
  expect([...told].filter(isCreature)).toHaveLength(CREATURES_TOLD_MAX);
  for (const id of [...told].filter(isCreature).slice(0, 100)) ids[id - 1] = 0;
  for (const id of idsOf(round())) told.add(id);
  expect([teller.known, told.size]).toEqual([TOLD_MAX, TOLD_MAX + 100]);
  ids.fill(0);
  round();
  expect(teller.known).toBe(0);
});

test("where everyone changes, each is told of in every round", () => {
  const { world, toldTick, round } = setUp(4_000, 4_000);
  for (let count = 0; count < 4; count += 1) {
    toldTick.fill(world.tick + 5);
    expect(new Set(idsOf(round())).size).toBe(8_000);
  }
});

test("an emote is told of once, and none that nobody could hear", () => {
  const { emotes, teller, round } = setUp(0, 3);
  round();
  emotes.push({ id: 2, emote: 3 });
  expect(round().flatMap((telling) => telling.emotes)).toEqual([{ id: 2, emote: 3 }]);
  expect(round().flatMap((telling) => telling.emotes)).toEqual([]);
  emotes.push({ id: 2, emote: 3 });
  teller.forget();
  expect(round().flatMap((telling) => telling.emotes)).toEqual([]);
});

test("a telling is read as it was packed, and one that makes no sense is refused", () => {
  const { emotes, round } = setUp(2, 1);
  emotes.push({ id: 3, emote: 1 });
  const [telling] = round();
  if (telling === undefined) throw new Error("cannot test: nothing was told");
  const reading = { region: "eu-west-1", canShow: () => true };
  expect(unpackGhosts(packGhosts(telling), reading)).toEqual(telling);
  const refusals = [
    [packGhosts({ ...telling, tickRate: 0 }), "0 ticks per second"],
    [packGhosts({ ...telling, gone: new Array(2_049).fill(1) }), "2049 who left in one message"],
    [new Uint8Array(600_000), "600000 bytes"],
    [new Uint8Array([0xff]), "not GhostColumns"],
    [packGhosts({ ...telling, ghosts: new Array(1_025).fill(telling.ghosts[0]) }), "1025 in one"],
    [packGhosts({ ...telling, emotes: new Array(257).fill(telling.emotes[0]) }), "257 emotes"],
    // Two more ages than there are ids.
    [new Uint8Array([...packGhosts(telling), 0x2a, 2, 1, 1]), "columns of different lengths"],
  ] as const;
  for (const [bytes, reason] of refusals) {
    expect(() => unpackGhosts(bytes, reading)).toThrow(reason);
  }
  const strict = { ...reading, canShow: () => false };
  expect(() => unpackGhosts(packGhosts(telling), strict)).toThrow("cannot be in this land");
});

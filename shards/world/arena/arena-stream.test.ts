// What it costs to tell of the arena, and how a client that knows something wrong is mended. That
// all that is told is right is for publisher.fuzz.test.ts.
import { describe, expect, test } from "bun:test";
import { RejectionReason, type Tick } from "#proto/frame_pb.ts";
import { ARENA_PARAMETERS, createRandom } from "#shared/sim/index.ts";
import { ArenaCrowd } from "../../testing/arena-crowd.ts";
import { ArenaWatcher } from "../../testing/arena-watcher.ts";
import { StreamBench } from "../../testing/stream-bench.ts";
import { arenaFactory } from "./arena-shard-world.ts";

const HEALING_TICKS = 30 * ARENA_PARAMETERS.tickRate;
const PARAMETERS = { ...ARENA_PARAMETERS, width: 1_000, height: 100, cellSize: 100 };

interface Watching {
  bench: StreamBench;
  ann: number;
  /** Applies ann's frames, on top of what is held against the truth. */
  watcher: ArenaWatcher;
}

/** Ann, at rest in the third of ten cells, watches it and its neighbours. */
function setUp(): Watching {
  const bench = new StreamBench(PARAMETERS);
  const ann = bench.join("ann", { x: 250, y: 50 });
  bench.connect("ann", ann, { width: 200, height: 64 });
  const watching = { bench, ann, watcher: new ArenaWatcher() };
  run(watching, 30);
  expect([...watching.watcher.cells]).toEqual([1, 2, 3]);
  return watching;
}

/** What ann's client gets in so many ticks. */
function run({ bench, watcher }: Watching, ticks: number): Tick[] {
  const frames: Tick[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    bench.tick();
    const frame = bench.frameOf("ann");
    if (frame === undefined) continue;
    frames.push(frame);
    watcher.apply(frame, bench.truth.parameters);
  }
  return frames;
}

/** What frames tell of others, keyframes that heal left out. */
function contentOf(frames: readonly Tick[]) {
  const cells = frames.flatMap((frame) => frame.cells).filter(({ keyframe }) => !keyframe);
  return {
    records: cells.flatMap(({ arenaEntities }) => arenaEntities),
    gone: cells.flatMap(({ gone }) => gone),
    moves: frames.flatMap(({ arenaMoves }) => arenaMoves),
  };
}

describe("a player who runs straight on", () => {
  test("is told of once, when it comes into sight, however many cells it crosses", () => {
    const watching = setUp();
    const { bench } = watching;
    const bob = bench.join("bob", { x: 900, y: 50 });
    bench.move(bob, { dx: -1, dy: 0 });
    const { records, gone, moves } = contentOf(run(watching, 330));
    expect(records).toMatchObject([{ id: bob, name: "bob" }]);
    expect([gone, moves]).toEqual([[], []]);
    // It stops at the world's edge without a word, outside of what ann sees.
    expect(watching.watcher.players.has(bob)).toBe(false);
    const place = { x: 0, y: 0 };
    bench.world.locate(bob, place);
    expect(place.x).toBe(0);
  });

  test("costs four numbers for each turn that it takes, also where cells meet", () => {
    const watching = setUp();
    const { bench } = watching;
    const bob = bench.join("bob", { x: 390, y: 50 });
    run(watching, 3);
    bench.move(bob, { dx: -1, dy: 0 });
    run(watching, 27);
    // At x = 300 or so.
    for (const dx of [1, -1, 1, -1]) {
      bench.move(bob, { dx, dy: 0 });
      const { records, gone, moves } = contentOf(run(watching, 6));
      expect(records).toEqual([]);
      expect(moves).toHaveLength(4);
      expect(moves[0]).toBe(bob);
      expect([[], [bob]]).toContainEqual(gone);
    }
  });

  test("has nothing new for its own client either", () => {
    const { bench, ann } = setUp();
    bench.move(ann, { dx: 1, dy: 0 });
    bench.tick();
    expect(bench.world.changedWithin(ann, 1)).toBe(true);
    for (let tick = 0; tick < 60; tick++) {
      bench.tick();
      expect(bench.world.changedWithin(ann, 1)).toBe(false);
    }
  });
});

test("a world in which nothing happens costs next to nothing", () => {
  const watching = setUp();
  watching.bench.join("bob", { x: 270, y: 50 });
  run(watching, 60);
  watching.bench.frameBytes = 0;
  const frames = run(watching, 10 * 30);
  // An ack each second and a healing keyframe now and then.
  expect(watching.bench.frameBytes / frames.length).toBeLessThan(16);
});

describe("a credit that changes hands", () => {
  test("is told at once to the one who has it now", () => {
    const watching = setUp();
    const { bench, ann } = watching;
    const bob = bench.join("bob", { x: 990, y: 50 });
    run(watching, 33);
    bench.act(bob, { case: "give", value: { entity: ann } });
    expect(lastSelf(run(watching, 3))?.credits).toBe(4);
  });

  test("does not without an id, which is refused", () => {
    const watching = setUp();
    const { bench, ann } = watching;
    const bob = bench.join("bob", { x: 990, y: 50 });
    bench.act(bob, { case: "give", value: { entity: ann } }, new Uint8Array(0));
    run(watching, 1);
    const reason = RejectionReason.INVALID;
    expect(bench.world.effects.rejections).toEqual([{ entity: bob, sequence: 1, reason }]);
    expect(lastSelf(run(watching, 33))?.credits).toBe(3);
  });
});

/** The own player as the frames last told it. */
function lastSelf(frames: readonly Tick[]) {
  const self = frames.findLast(({ ack }) => ack !== undefined)?.ack?.self;
  return self?.case === "arena" ? self.value : undefined;
}

describe("healing", () => {
  test("proves each watched cell once in 30 seconds", () => {
    const watching = setUp();
    watching.bench.join("bob", { x: 330, y: 50 });
    const frames = run(watching, HEALING_TICKS);
    const proven = frames.flatMap(({ cells }) => cells).filter(({ keyframe }) => keyframe);
    expect(proven.map(({ cell }) => cell).sort()).toEqual([1, 2, 3]);
    expect(watching.watcher).toMatchObject({ proofs: 3, mismatches: 0 });
  });

  const damages: [string, (watcher: ArenaWatcher, bob: number) => void][] = [
    ["somebody forgotten", ({ players }, bob) => players.delete(bob)],
    ["somebody who is not there", ({ players }, bob) => players.set(7, { ...find(players, bob) })],
    ["a wrong place", ({ players }, bob) => Object.assign(find(players, bob), { x: 2_801 })],
    ["a wrong cell", ({ players }, bob) => Object.assign(find(players, bob), { x: 3_100 })],
    ["a wrong pose", ({ players }, bob) => Object.assign(find(players, bob), { pose: 37 })],
    ["wrong wounds", ({ players }, bob) => Object.assign(find(players, bob), { wounds: 9 })],
    ["a wrong score", ({ players }, bob) => Object.assign(find(players, bob), { score: 9 })],
  ];
  test.each(damages)("finds and mends %s", (_, damage) => {
    const watching = setUp();
    const { bench, watcher } = watching;
    const bob = bench.join("bob", { x: 280, y: 50 });
    run(watching, 3);
    damage(watcher, bob);
    expect(watcher.view()).not.toEqual(bench.truth.view(watcher.cells));
    run(watching, HEALING_TICKS + 3);
    expect(watcher.mismatches).toBeGreaterThan(0);
    expect(watcher.view()).toEqual(bench.truth.view(watcher.cells));
  });
});

function find(players: ArenaWatcher["players"], entity: number) {
  const player = players.get(entity);
  if (player === undefined) throw new Error(`cannot damage: entity ${entity} is not known`);
  return player;
}

test("a world of 60,000 units on a side tells of its far corner", () => {
  const world = { ...ARENA_PARAMETERS, width: 60_000, height: 60_000, cellSize: 500 };
  const bench = new StreamBench(world);
  const ann = bench.join("ann", { x: 59_900, y: 59_990 });
  bench.connect("ann", ann, { width: 800, height: 600 });
  bench.join("bob", { x: 59_600, y: 59_700 });
  bench.move(ann, { dx: 1, dy: 1 });
  for (let tick = 0; tick < 60; tick++) bench.tick();
  expect(bench.checkerOf("ann").watcher.players.get(ann)).toMatchObject({ x: 600_000, y: 600_000 });
  expect(bench.checkerOf("ann").watcher.players.size).toBe(2);
});

describe("a new world", () => {
  const options = { tickRate: 30, seed: 1, capacity: 10 };

  test("has the measures that it is given", () => {
    const world = arenaFactory.create({ ...options, side: 14_000, cellSize: 400 });
    expect(world.grid).toEqual({ columns: 35, rows: 35, cellSize: 400 });
    const again = arenaFactory.restore(world.snapshot(), { ...options, side: 500, cellSize: 64 });
    expect(again.grid).toEqual(world.grid);
  });

  test("has its own when it is given none", () => {
    expect(arenaFactory.create(options).grid).toEqual({ columns: 8, rows: 8, cellSize: 256 });
  });
});

test("a replay of the journal gives the same world", () => {
  const options = { tickRate: 30, seed: 9, capacity: 200 };
  const world = arenaFactory.create(options);
  const crowd = new ArenaCrowd(world, createRandom(9), 80);
  const start = world.snapshot();
  const journal: Uint8Array[] = [];
  for (let tick = 0; tick < 900; tick++) {
    crowd.act();
    journal.push(world.step());
    crowd.learn();
  }
  const again = arenaFactory.restore(start, options);
  for (const inputs of journal) again.replay(inputs);
  expect(again.hash()).toBe(world.hash());
});

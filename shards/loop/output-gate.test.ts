// What may leave before a tick is in the database, and what may not: at the loop's inbox, over a
// disk that commits when it is told to.
import { describe, expect, test } from "bun:test";
import { NoticeKind } from "#proto/frame_pb.ts";
import { LoopWorkbench } from "../testing/loop-workbench.ts";
import { hashPaperToken } from "../testing/paper-tokens.ts";

const VIEWPORT = { width: 800, height: 600 };
/** Of the workbench's loop. */
const TICK_RATE = 20;
const PLACE = { x: 5_000, y: 5_000, facingRight: true };
/** Dies of the next hit. */
const WEAK = { ...PLACE, x: 5_100, health: 20, deaths: 3 };

/** Ann, about to hit bob, who will not survive it; from now on the disk is slow. */
function setUp(): LoopWorkbench {
  const bench = new LoopWorkbench();
  bench.enter(1, "ann", { ...PLACE, health: 100, score: 40 });
  bench.enter(2, "bob", WEAK);
  bench.tick(4);
  bench.isDiskSlow = true;
  bench.frames.length = 0;
  bench.controls.length = 0;
  return bench;
}

/** Ticks of the frames that a connection got. */
const ticksOf = (bench: LoopWorkbench, connection: number) =>
  bench.frames.filter((frame) => frame.connection === connection).map(({ tick }) => tick);

/** What a connection's last ack says. */
const selfOf = (bench: LoopWorkbench, connection: number) =>
  bench.frames.findLast((frame) => frame.connection === connection && frame.acked)?.content.ack
    ?.self.value;

const noticesTo = (bench: LoopWorkbench, connection: number) =>
  bench.controls.flatMap((message) =>
    message.kind === "notice" && message.connection === connection ? [message.notice] : [],
  );

const eventsTo = (bench: LoopWorkbench, connection: number) =>
  bench.frames
    .filter((frame) => frame.connection === connection)
    .flatMap(({ content }) => content.cells.flatMap(({ arenaEvents }) => arenaEvents))
    .map(({ event }) => event.case);

describe("a tick's frames", () => {
  test("go out once, with its commit", () => {
    const bench = setUp();
    const start = bench.loop.tick;
    for (let tick = 1; tick <= 6; tick++) {
      bench.tick();
      expect(bench.frames).toHaveLength(tick - 1);
      bench.sync();
      bench.sync();
      expect(bench.frames).toHaveLength(tick);
      expect(bench.frames.at(-1)?.tick).toBe(start + tick);
    }
    expect(bench.loop.isAhead).toBe(false);
    expect(bench.loop.framesAhead).toBe(0);
  });

  test("go ahead of it when the next tick is about to run", () => {
    const bench = setUp();
    bench.tick();
    expect(bench.frames).toEqual([]);
    bench.tick();
    // The second, with a tick before it still uncommitted, at once.
    expect(bench.frames.map(({ tick }) => bench.loop.tick - tick)).toEqual([1, 0]);
    expect(bench.loop.isAhead).toBe(true);
    expect(bench.loop.framesAhead).toBe(2);
    bench.sync();
    expect(bench.frames).toHaveLength(2);
    bench.tick();
    bench.sync();
    expect(bench.frames).toHaveLength(3);
    expect(bench.loop.isAhead).toBe(false);
  });

  test("of one tick are never sent twice, however commits and ticks mix", () => {
    const bench = setUp();
    const start = bench.loop.tick;
    for (let tick = 1; tick <= 40; tick++) {
      bench.tick();
      if (tick % 3 !== 0) bench.sync(bench.loop.tick - (tick % 4));
    }
    bench.sync();
    const expected = Array.from({ length: 40 }, (_, index) => start + index + 1);
    expect(bench.frames.map(({ tick }) => tick)).toEqual(expected);
  });
});

describe("what lasts", () => {
  test("is shown as of the last commit in frames that go ahead", () => {
    const bench = setUp();
    bench.attack(1, 1);
    bench.tick(4);
    const seen = bench.frames.flatMap(({ content }) => content.cells);
    const scores = seen.flatMap(({ arenaEntities }) => arenaEntities.map(({ score }) => score));
    expect(new Set(scores)).toEqual(new Set([0]));
    expect([eventsTo(bench, 1), eventsTo(bench, 2)]).toEqual([["hit"], ["hit"]]);
    // Bob is told that it is dead, and not that it has died.
    expect(selfOf(bench, 2)).toMatchObject({ health: 0, deaths: 3 });
    bench.sync();
    bench.tick(2);
    expect([eventsTo(bench, 1), eventsTo(bench, 2)]).toEqual([
      ["hit", "death"],
      ["hit", "death"],
    ]);
    expect(selfOf(bench, 2)).toMatchObject({ health: 0, deaths: 4 });
    expect(selfOf(bench, 1)).toMatchObject({ score: 51, kills: 1 });
  });

  test("holds the ack of whom it is owed to, and of nobody else", () => {
    const bench = setUp();
    bench.attack(1, 1);
    bench.tick();
    const attacked = bench.loop.tick;
    bench.move(1, { sequence: 2, dx: 1 });
    bench.move(2, { sequence: 1, dx: 1 });
    bench.tick(40);
    const acked = (connection: number) =>
      bench.frames.filter((frame) => frame.connection === connection && frame.acked).length;
    expect(acked(1)).toBe(0);
    expect(acked(2)).toBeGreaterThan(1);
    bench.sync(attacked);
    bench.tick(2);
    expect(acked(1)).toBe(1);
    expect(bench.frames.findLast((frame) => frame.connection === 1)?.content.ack?.sequence).toBe(2);
  });

  test("is there at once with the commit when the disk is well", () => {
    const bench = setUp();
    bench.isDiskSlow = false;
    bench.attack(1, 1);
    bench.tick(2);
    expect(selfOf(bench, 1)).toMatchObject({ score: 51, kills: 1 });
    expect(eventsTo(bench, 2)).toEqual(["hit", "death"]);
  });
});

describe("a welcome", () => {
  test("waits for the commit of its tick, and frames wait for it", () => {
    const bench = new LoopWorkbench();
    bench.join(1, "ann");
    bench.tick();
    bench.isDiskSlow = true;
    bench.answerLoad();
    bench.tick(5);
    expect(bench.controls).toEqual([]);
    expect(bench.frames).toEqual([]);
    bench.sync(bench.loop.tick - 4);
    expect(bench.welcomeOf(1)).toMatchObject({ tick: bench.loop.tick, resumed: false });
    bench.tick(2);
    expect(ticksOf(bench, 1)).toHaveLength(1);
  });

  test("that a client did not wait for leaves it the token that it came with", () => {
    const bench = new LoopWorkbench();
    const { resumeToken } = bench.enter(1, "ann");
    bench.put({ kind: "lost", connection: 1 });
    bench.tick();
    bench.isDiskSlow = true;
    const tokenHash = hashPaperToken(resumeToken);
    for (const connection of [2, 3]) {
      bench.put({ kind: "resume", connection, tokenHash, viewport: VIEWPORT });
      bench.tick(2);
      bench.put({ kind: "lost", connection });
      bench.tick(2);
    }
    expect(bench.records.flatMap(({ sessions }) => sessions).at(-1)).toMatchObject({ tokenHash });
    bench.put({ kind: "resume", connection: 4, tokenHash, viewport: VIEWPORT });
    bench.tick();
    bench.sync();
    expect(bench.welcomeOf(4).resumed).toBe(true);
    expect(bench.controls.filter(({ kind }) => kind === "close")).toEqual([]);
  });
});

describe("a disk that does not answer", () => {
  const STALL_TICKS = 10 * TICK_RATE;

  test("lets the world go on for ten seconds, then it stands still", () => {
    const bench = setUp();
    const committed = bench.loop.tick;
    bench.tick(STALL_TICKS + 100);
    expect(bench.loop.tick - committed).toBe(STALL_TICKS + 1);
    expect(bench.records.at(-1)?.tick).toBe(bench.loop.tick);
    expect(bench.loop.storageState).toBe("stalled");
    bench.sync(bench.loop.tick - STALL_TICKS / 2 - 1);
    bench.tick(3);
    expect(bench.loop.tick - committed).toBe(STALL_TICKS + 1);
    bench.sync();
    bench.tick(3);
    expect(bench.loop.tick - committed).toBe(STALL_TICKS + 4);
  });

  test("counts commands that come meanwhile, and lets nobody in or out but by the disk", () => {
    const bench = setUp();
    bench.tick(STALL_TICKS + 5);
    const { tick } = bench.loop;
    bench.move(1, { sequence: 1, dx: 1 });
    bench.put({ kind: "lost", connection: 2 });
    bench.join(3, "carl");
    bench.tick(5);
    expect(bench.loop.refusedCommands).toBe(1);
    expect(bench.loop.connected).toBe(1);
    expect(bench.loads).toEqual([]);
    bench.sync();
    bench.tick();
    expect(bench.loop.tick).toBe(tick + 1);
    expect(bench.loads).toHaveLength(1);
    expect(bench.world.sequenceOf(1 << 20)).toBe(0);
  });

  test("lets clients come and go at will, and keeps nothing of those who went", () => {
    const bench = new LoopWorkbench();
    const tokenHash = hashPaperToken(bench.enter(1, "ann").resumeToken);
    bench.tick();
    const quiet = bench.records.at(-1)?.inputs.length ?? 0;
    bench.isDiskSlow = true;
    bench.tick(STALL_TICKS + 5);
    bench.controls.length = 0;
    bench.put({ kind: "lost", connection: 1 });
    for (let connection = 100; connection < 200; connection += 2) {
      bench.put({ kind: "resume", connection, tokenHash, viewport: VIEWPORT });
      bench.join(connection + 1, "carl");
      bench.tick();
      bench.put({ kind: "lost", connection }, { kind: "lost", connection: connection + 1 });
    }
    bench.put({ kind: "resume", connection: 200, tokenHash, viewport: VIEWPORT });
    bench.tick();
    bench.sync();
    bench.tick();
    const record = bench.records.at(-1);
    expect(record?.sessions).toHaveLength(1);
    expect((record?.inputs.length ?? 0) - quiet).toBeLessThan(20);
    expect(bench.loads).toEqual([]);
    bench.sync();
    const welcomed = bench.controls.filter(({ kind }) => kind === "welcome");
    expect(welcomed).toMatchObject([{ connection: 200, resumed: true }]);
  });

  test("announcements reach whoever is there, once, and change nothing of how it is", () => {
    const bench = setUp();
    bench.tick(2);
    bench.sync();
    const told = noticesTo(bench, 1).length;
    for (let number = 0; number < 9; number++) {
      bench.loop.inbox.push({ kind: "announce", message: `number ${number}` });
    }
    bench.tick(3);
    bench.sync();
    const kinds = noticesTo(bench, 1).slice(told);
    // One more than may wait: the oldest gave way.
    expect(kinds).toEqual(Array(8).fill(NoticeKind.ANNOUNCEMENT));
    expect(bench.controls.findLast(({ kind }) => kind === "notice")).toMatchObject({
      message: "number 8",
    });
    expect(bench.loop.storageState).toBe("well");
  });

  test("is told of at each change, to whoever is there and to whoever comes", () => {
    const bench = setUp();
    bench.tick(2);
    bench.sync();
    // A hiccup is no news.
    bench.tick(10);
    bench.sync();
    bench.tick();
    expect(noticesTo(bench, 1)).toEqual([]);
    bench.tick(40);
    expect(noticesTo(bench, 1)).toEqual([NoticeKind.STORAGE_SLOW]);
    bench.tick(STALL_TICKS);
    expect(noticesTo(bench, 1)).toEqual([NoticeKind.STORAGE_SLOW, NoticeKind.STORAGE_STALLED]);
    // With the tick at which the world stands.
    const { tick } = bench.loop;
    expect(bench.controls.findLast(({ kind }) => kind === "notice")).toMatchObject({ tick });
    bench.sync();
    bench.join(3, "carl");
    bench.tick();
    bench.answerLoad();
    bench.tick();
    bench.sync();
    expect(noticesTo(bench, 3)).toEqual([NoticeKind.STORAGE_SLOW]);
    bench.isDiskSlow = false;
    bench.tick(60);
    expect(noticesTo(bench, 1).at(-1)).toBe(NoticeKind.RECOVERED);
    expect(noticesTo(bench, 3)).toEqual([NoticeKind.STORAGE_SLOW, NoticeKind.RECOVERED]);
  });
});

test("how long commits take is measured", () => {
  const latencies: number[] = [];
  const bench = new LoopWorkbench({ measured: (latencyMs) => latencies.push(latencyMs) });
  bench.isDiskSlow = true;
  bench.tick(3);
  bench.sync(2);
  bench.clock.advance(7);
  bench.sync();
  expect(latencies).toEqual([100, 50, 7]);
});

import { describe, expect, test } from "bun:test";
import { ARENA_PARAMETERS } from "#shared/sim/index.ts";
import { StreamBench } from "../testing/stream-bench.ts";
import { Publisher } from "./publisher.ts";
import { visitorId } from "./visitors.ts";

const INTERVAL = 3;
const VIEWPORT = { width: 300, height: 300 };

/** Two who share a cell and one far away, all at rest, each with a client that is up to date. */
function setUp(): StreamBench {
  const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: 500 });
  for (const [playerId, place] of [
    ["ann", { x: 100, y: 100 }],
    ["bob", { x: 200, y: 100 }],
    ["carl", { x: 1_900, y: 1_900 }],
  ] as const) {
    const entity = bench.join(playerId, place);
    bench.connect(playerId, entity, VIEWPORT);
  }
  run(bench, 4 * INTERVAL);
  return bench;
}

/** Ticks between two frames of each client while `ticks` ticks run. */
function run(bench: StreamBench, ticks: number): Record<string, number[]> {
  const last: Record<string, number> = {};
  const gaps: Record<string, number[]> = { ann: [], bob: [], carl: [] };
  for (let tick = 0; tick < ticks; tick++) {
    bench.tick();
    for (const playerId of ["ann", "bob", "carl"]) {
      const frame = bench.frameOf(playerId);
      if (frame === undefined) continue;
      const before = last[playerId];
      if (before !== undefined) gaps[playerId]?.push(frame.tick - before);
      last[playerId] = frame.tick;
    }
  }
  return gaps;
}

/** The one distance that all frames of a client have. */
function steady(gaps: number[] | undefined): number {
  const distances = new Set(gaps?.slice(1));
  expect(distances.size).toBe(1);
  return [...distances][0] ?? 0;
}

describe("how often a client gets frames", () => {
  test.each([
    [0, [1, 1, 1]],
    // Carl sees nobody, the others see each other.
    [1, [1, 1, 2]],
    [2, [1, 1, 4]],
    [3, [2, 2, 4]],
    [4, [4, 4, 4]],
    [5, [4, 4, 4]],
  ] as const)("under pressure %d", (pressure, intervals) => {
    const bench = setUp();
    bench.publisher.setPressure(pressure);
    const gaps = run(bench, 30 * INTERVAL);
    const steadyGaps = [gaps.ann, gaps.bob, gaps.carl].map(steady);
    expect(steadyGaps).toEqual(intervals.map((interval) => interval * INTERVAL));
  });

  test.each([
    [1, { alone: 2, distant: 1, few: 1, crowd: 1 }],
    [2, { alone: 4, distant: 2, few: 1, crowd: 1 }],
    [3, { alone: 4, distant: 4, few: 2, crowd: 1 }],
    [4, { alone: 4, distant: 4, few: 4, crowd: 2 }],
    [5, { alone: 4, distant: 4, few: 4, crowd: 4 }],
  ] as const)("pressure %d takes from those with the least company first", (pressure, turns) => {
    const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: 250 });
    const places = {
      alone: [{ x: 1_900, y: 100 }],
      distant: [200, 800].map((x) => ({ x, y: 1_900 })),
      few: [1_900, 1_910].map((x) => ({ x, y: 1_900 })),
      crowd: Array.from({ length: 12 }, (_, index) => ({ x: 200 + index, y: 200 })),
    };
    for (const [group, members] of Object.entries(places)) {
      for (const [index, place] of members.entries()) {
        const playerId = `${group}-${index}`;
        bench.connect(playerId, bench.join(playerId, place), { width: 1_300, height: 300 });
      }
    }
    run(bench, 8 * INTERVAL);
    bench.publisher.setPressure(pressure);
    const frames = { alone: 0, distant: 0, few: 0, crowd: 0 };
    for (let tick = 0; tick < 16 * INTERVAL; tick++) {
      bench.tick();
      for (const group of ["alone", "distant", "few", "crowd"] as const) {
        if (bench.frameOf(`${group}-0`) !== undefined) frames[group] += 1;
      }
    }
    const { alone, distant, few, crowd } = turns;
    const expected = { alone: 16 / alone, distant: 16 / distant, few: 16 / few, crowd: 16 / crowd };
    expect(frames).toEqual(expected);
  });

  test.each([
    [0, 1],
    [1, 2],
    [2, 4],
  ])("with a congestion of %d", (congestion, interval) => {
    const bench = setUp();
    const session = bench.sessions.ofPlayer("bob");
    if (session !== undefined) session.congestion = congestion;
    const gaps = run(bench, 30 * INTERVAL);
    expect([gaps.ann, gaps.bob].map(steady)).toEqual([INTERVAL, interval * INTERVAL]);
  });

  test("pressure and congestion together never make it start anew", () => {
    const bench = setUp();
    bench.publisher.setPressure(5);
    for (const session of bench.sessions.all()) session.congestion = 2;
    run(bench, 60 * INTERVAL);
    for (const { windows } of bench.checkers.values()) expect(windows[0]).toBe(1);
  });

  test("half of them have their turns when the others have not", () => {
    const bench = new StreamBench({ ...ARENA_PARAMETERS, cellSize: 500 });
    for (let place = 0; place < 64; place++) {
      const entity = bench.join(`p${place}`, { x: 100 + place, y: 100 });
      bench.connect(`p${place}`, entity, VIEWPORT);
    }
    bench.publisher.setPressure(4);
    const counts: number[] = [];
    for (let tick = 0; tick < 20 * INTERVAL; tick++) {
      bench.tick();
      counts.push(bench.frames.size);
    }
    // 64 clients in three groups, each half as often.
    for (const count of counts.slice(4 * INTERVAL)) expect(count).toBeWithin(5, 18);
  });
});

describe("ticks whose frames are left out", () => {
  test.each([1, 3, 7])("%d turns: the next frame tells of all of it", (turns) => {
    const bench = setUp();
    const ann = bench.sessions.ofPlayer("ann")?.entity ?? 0;
    bench.move(ann, { dx: 1, dy: 1 });
    for (let tick = 0; tick < turns * INTERVAL; tick++) bench.tick({ publish: false });
    run(bench, INTERVAL);
    for (const { windows } of bench.checkers.values()) {
      expect([windows[0], windows[turns + 1]]).toEqual([1, 1]);
    }
  });

  test("more than that: the next frame starts anew", () => {
    const bench = setUp();
    for (let tick = 0; tick < 8 * INTERVAL; tick++) bench.tick({ publish: false });
    run(bench, INTERVAL);
    for (const { windows } of bench.checkers.values()) expect(windows[0]).toBe(2);
  });
});

describe("acks without a frame", () => {
  const VISITOR = visitorId("eve");

  /** Eve came by the old wire; the others did not. */
  function setUpEve() {
    const bench = setUp();
    const eve = bench.join(VISITOR, { x: 150, y: 100 });
    const session = bench.connect(VISITOR, eve, VIEWPORT);
    run(bench, 4 * INTERVAL);
    return { bench, eve, session };
  }

  /** Moves somebody in the tick after its turn, and says what comes of it in the next ticks. */
  function moveAfterTurn(bench: StreamBench, playerId: string): string[] {
    const session = bench.sessions.ofPlayer(playerId);
    while (bench.frameOf(playerId) === undefined) bench.tick();
    bench.move(session?.entity ?? 0, { dx: 0, dy: 1 });
    return Array.from({ length: INTERVAL }, () => {
      bench.tick();
      if (bench.frameOf(playerId)?.ack !== undefined) return "frame with an ack";
      return bench.acks.has(session?.connection ?? 0) ? "ack" : "nothing";
    });
  }

  test("come in the tick that applied the command; the next frame acknowledges too", () => {
    const { bench } = setUpEve();
    expect(moveAfterTurn(bench, VISITOR)).toEqual(["ack", "nothing", "frame with an ack"]);
    expect(moveAfterTurn(bench, "ann")).toEqual(["nothing", "nothing", "frame with an ack"]);
  });

  test("come also at turns that pressure takes", () => {
    const { bench, eve } = setUpEve();
    bench.publisher.setPressure(5);
    let acks = 0;
    for (let tick = 0; tick < 8 * INTERVAL; tick++) {
      bench.move(eve, { dx: 0, dy: tick % 2 });
      bench.tick();
      acks += bench.acks.size;
    }
    const frames = 2;
    expect(acks).toBe(8 * INTERVAL - frames);
  });

  test("wait for the commit of what the commands did", () => {
    const { bench, session } = setUpEve();
    session.earnedTick = bench.world.tick + 2;
    expect(moveAfterTurn(bench, VISITOR)[0]).toBe("nothing");
  });
});

test("an interval that is too long for the world is refused", () => {
  const { world, sessions } = setUp();
  const unused = { control: () => {}, tell: () => true, ticked: () => {} };
  const output = { ...unused, hasRoom: () => true, publish: () => {} };
  const make = (sendIntervalTicks: number) =>
    new Publisher({ world, sessions, output, sendIntervalTicks });
  expect(() => make(28)).toThrow(
    new RangeError("cannot publish every 28 ticks: this world tells of 27 at most"),
  );
  expect(() => make(27)).not.toThrow();
});

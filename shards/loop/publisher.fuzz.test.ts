// A crowd in a world of small cells, and clients who follow it under changing pressure: turns and
// whole ticks are left out, frames start anew, windows change their size, commits lag. Whoever
// applies the frames as the protocol says knows, at each of them, everyone in the watched cells
// exactly as the world has them, and what lasts as of the last commit. Repeat one seed with:
//
//   bun test shards/loop/publisher.fuzz.test.ts -t "seed 5 at 30 Hz$"
import { expect, test } from "bun:test";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { ArenaCrowd } from "../testing/arena-crowd.ts";
import type { FrameChecker } from "../testing/frame-checker.ts";
import { StreamBench } from "../testing/stream-bench.ts";
import type { Session } from "./sessions.ts";

const SEEDS = 3;
const TICKS = 1_200;
const PLAYERS = 90;
/** Clients; everyone else is only looked at. */
const CLIENTS_MAX = 14;
const RUNS = [20, 24, 25, 30, 45, 60].flatMap((tickRate) =>
  Array.from({ length: SEEDS }, (_, index) => [index + 1, tickRate] as const),
);

test.each(RUNS)("seed %d at %d Hz", (seed, tickRate) => {
  const random = createRandom(seed * 1_000 + tickRate);
  const bench = new StreamBench(makeParameters(random, { seed, tickRate }));
  const crowd = new ArenaCrowd(bench.world, random, PLAYERS);
  const troubles = new Troubles(bench, random);
  try {
    for (let tick = 0; tick < TICKS; tick++) {
      crowd.act();
      bench.tick({ publish: troubles.begin() });
      crowd.learn();
      admit(bench, crowd, random);
    }
  } catch (cause) {
    const place = `seed ${seed} at ${tickRate} Hz`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`tick ${bench.world.tick} of ${place}: ${reason}`, { cause });
  }
  checkCoverage([...bench.checkers.values()]);
});

/** Cells hardly larger than anyone goes in a window, and edges that are no multiple of them. */
function makeParameters(random: Random, fixed: { seed: number; tickRate: number }) {
  const side = () => 400 + random.below(500);
  return { ...fixed, width: side(), height: side(), cellSize: 48 + random.below(60) };
}

/** Some of those who are in the world have a client. */
function admit(bench: StreamBench, crowd: ArenaCrowd, random: Random): void {
  for (const { playerId, entity } of crowd.players) {
    if (bench.sessions.count >= CLIENTS_MAX) return;
    if (bench.sessions.ofEntity(entity) !== undefined) continue;
    bench.connect(playerId, entity, makeViewport(random));
  }
}

function makeViewport(random: Random) {
  return { width: 64 + random.below(300), height: 64 + random.below(300) };
}

/** What comes between a client and its frames. */
class Troubles {
  readonly #bench: StreamBench;
  readonly #random: Random;
  #skippedTicks = 0;

  constructor(bench: StreamBench, random: Random) {
    this.#bench = bench;
    this.#random = random;
  }

  /** Changes something now and then; false when this tick's frames are left out. */
  begin(): boolean {
    const { publisher, sessions, intervalTicks } = this.#bench;
    const roll = this.#random.below(1_000);
    if (roll < 15) publisher.setPressure(pick(this.#random, [0, 1, 2, 3, 4, 5]));
    else if (roll < 60) this.#skippedTicks = 1;
    else if (roll < 65) this.#skippedTicks = this.#random.below(10 * intervalTicks);
    else if (roll < 75) this.#bench.commitLagTicks = this.#random.below(60);
    else if (roll < 85) this.#bench.commitLagTicks = 0;
    for (const session of sessions.all()) this.#trouble(session);
    this.#skippedTicks -= 1;
    return this.#skippedTicks < 0;
  }

  #trouble(session: Session): void {
    const roll = this.#random.below(1_000);
    if (roll < 4) session.reset = true;
    else if (roll < 14) session.congestion = this.#random.below(3);
    else if (roll < 24) session.viewport = makeViewport(this.#random);
  }
}

/** Otherwise a run would say little. */
function checkCoverage(checkers: readonly FrameChecker[]): void {
  const sum = (read: (checker: FrameChecker) => number) =>
    checkers.reduce((total, checker) => total + read(checker), 0);
  for (const window of [0, 1, 2, 3, 4]) {
    const frames = sum(({ windows }) => windows[window] ?? 0);
    expect(frames, `frames of window ${window}`).toBeGreaterThan(20);
  }
  expect(
    sum(({ watcher }) => watcher.proofs),
    "cells proven",
  ).toBeGreaterThan(100);
  expect(
    sum(({ seen }) => seen),
    "players seen",
  ).toBeGreaterThan(10_000);
}

function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[random.below(values.length)] ?? values[0];
}

import { createRandom } from "#shared/sim/kernel/random.ts";
import type { RegionState } from "../../regions/orders.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { brokerOf, type CutRegion, CutRegions } from "../regions/cut-regions.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { pause } from "../run/waiting.ts";

const HEAL_MS_MAX = 10_000;
const WAIT_MS_MAX = 60_000;
const HOUR_MS = 3_600_000;
/** Cells in which regions answer each other, in a row of their own. */
const ANSWER_ROW = 99;
const LOOK_MS = 20;

interface ClockParams extends Params {
  /** Writes that are answered by one that has seen them, for each wrong clock. */
  readonly answers: number;
  /** How long a clock is far wrong. */
  readonly wrongSeconds: number;
  /** 0: the regions meet on Redis; 1: on NATS; 2: with odd seeds on Redis, with even on NATS. */
  readonly nats: number;
}

/** Clocks that all regions can live with: a write is seen and answered with any of them. */
const NEAR: readonly { name: string; wrongMs: number; driftMs: number }[] = [
  { name: "right", wrongMs: 0, driftMs: 0 },
  { name: "5 s ahead", wrongMs: 5_000, driftMs: 0 },
  { name: "5 s behind", wrongMs: -5_000, driftMs: 0 },
  { name: "1 % too fast", wrongMs: 0, driftMs: 10 },
  { name: "1 % too slow", wrongMs: 0, driftMs: -10 },
  { name: "set back by an hour", wrongMs: -HOUR_MS, driftMs: 0 },
];

/** Regions whose clocks are wrong. */
export const clock = defineExperiment<ClockParams>({
  name: "clock",
  work:
    "a region's clock is 5 s wrong, drifts, is set back, and is an hour ahead: a write that saw " +
    "another never loses to it, stamps more than 60 s ahead are refused, and it heals",
  params: { answers: 200, wrongSeconds: 10, nats: 2 },
  bars: ({ answers }) => [
    { metric: "answers", op: ">=", bound: answers * NEAR.length },
    { metric: "answersLost", op: "==", bound: 0 },
    { metric: "takenFromAhead", op: "==", bound: 0 },
    { metric: "refusedAhead", op: ">=", bound: 1 },
    { metric: "healMsMax", op: "<=", bound: HEAL_MS_MAX },
    { metric: "different", op: "==", bound: 0 },
    { metric: "writesLost", op: "==", bound: 0 },
  ],
  run: runClock,
});

async function runClock(run: ExperimentRun<ClockParams>): Promise<Figures> {
  const { params, seed, say } = run;
  const random = createRandom(seed);
  await using house = await CutRegions.start({
    ...{ broker: brokerOf(params.nats, seed), count: 2, clock: run.clock, random },
  });
  const figures = {
    ...{ answers: 0, answersLost: 0, takenFromAhead: 0, refusedAhead: 0, settled: 0 },
    ...{ healMsMax: 0, different: 0, writesLost: 0 },
  };
  const converge = async () => {
    const healMs = await house.converge(WAIT_MS_MAX);
    if (healMs === undefined) figures.different += 1;
    figures.healMsMax = Math.max(figures.healMsMax, healMs ?? WAIT_MS_MAX);
  };
  const [one, other] = house.regions;
  if (one === undefined || other === undefined) throw new Error("cannot start two regions");
  await house.write(1_500);
  for (const { name, wrongMs, driftMs } of NEAR) {
    one.process.tell({ order: "clock", wrongMs, driftMs });
    const talk = { run, count: params.answers, from: figures.answers };
    figures.answersLost += await answerEachOther([one, other], talk);
    figures.answers += params.answers;
    one.process.tell({ order: "clock", wrongMs: 0, driftMs: 0 });
    await converge();
    say(`${name}: ${figures.answersLost} answers lost so far`);
  }
  figures.takenFromAhead = await runAhead({ house, one, other }, params.wrongSeconds * 1_000);
  await converge();
  figures.writesLost += await house.countLost();
  for (const state of await house.ask()) {
    figures.refusedAhead += state.refusedAhead;
    figures.settled += state.settled;
  }
  return figures;
}

/**
 * One writes, the other sees it and writes to the same cell, and so on by turns: both must have the
 * answer in the end. Returns how many have not.
 */
async function answerEachOther(
  regions: readonly [CutRegion, CutRegion],
  { run, count, from }: { run: ExperimentRun; count: number; from: number },
): Promise<number> {
  const cells = Array.from({ length: count }, (_, at) => from + at);
  const asked = cells.flatMap((x) => [x, ANSWER_ROW]);
  const [first, second] = regions;
  const questions = cells.flatMap((x) => [x, ANSWER_ROW, 1]);
  first.process.tell({ order: "write", writes: questions });
  const answered = new Set<number>();
  const isAnswer = ({ values }: RegionState) => values.every((value) => value === 2);
  const endMs = run.clock.monotonicMs() + WAIT_MS_MAX;
  for (;;) {
    const there = await second.process.ask(asked);
    const seen = cells.filter((x, at) => there.values[at] === 1 && !answered.has(x));
    for (const x of seen) answered.add(x);
    const writes = seen.flatMap((x) => [x, ANSWER_ROW, 2]);
    if (writes.length > 0) second.process.tell({ order: "write", writes });
    const here = await first.process.ask(asked);
    if (isAnswer(here) && isAnswer(there)) return 0;
    if (run.clock.monotonicMs() > endMs) {
      return here.values.filter((value, at) => value !== 2 || there.values[at] !== 2).length;
    }
    await pause(run.clock, LOOK_MS);
  }
}

/** One region's clock is an hour ahead for a time; counts what the other took from then. */
async function runAhead(
  { house, one, other }: { house: CutRegions; one: CutRegion; other: CutRegion },
  ms: number,
): Promise<number> {
  one.process.tell({ order: "clock", wrongMs: HOUR_MS, driftMs: 0 });
  // What it wrote right before is on its way with a good stamp.
  await house.write(1_000);
  const cells = [...one.written.keys()];
  const asked = cells.flatMap((x) => [x, one.row]);
  const before = await other.process.ask(asked);
  await house.write(ms);
  const after = await other.process.ask(asked);
  one.process.tell({ order: "clock", wrongMs: 0, driftMs: 0 });
  return before.values.filter((value, at) => value !== after.values[at]).length;
}

import { createRandom } from "#shared/sim/kernel/random.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { brokerOf, CutRegions } from "../regions/cut-regions.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { pause } from "../run/waiting.ts";

const HEAL_MS_MAX = 10_000;
/** Before the first cut, so that all have heard each other. */
const WARM_UP_MS = 1_500;
/** Longest that is waited for regions to agree; that it took too long is told by a bar. */
const WAIT_MS_MAX = 60_000;
/** Of a cable that flaps: open and cut by turns. */
const FLAP_MS = 700;

interface PartitionParams extends Params {
  readonly regions: number;
  readonly cutSeconds: number;
  /** Each kind of cut, so often. */
  readonly rounds: number;
  /** 0: the regions meet on Redis; 1: on NATS; 2: with odd seeds on Redis, with even on NATS. */
  readonly nats: number;
}

/** How a region is cut off; with the last of them the broker loses all that it holds, too. */
const CUTS = ["cut", "upOnly", "downOnly", "unplugged", "flapping", "wiped"] as const;

/** Regions that cannot reach each other, and then can. */
export const partition = defineExperiment<PartitionParams>({
  name: "partition",
  work:
    "a region is cut off while all regions write: afterwards all have the same state, and " +
    "nothing that only one of them wrote to is lost",
  params: { regions: 2, cutSeconds: 30, rounds: 1, nats: 2 },
  bars: ({ rounds }) => [
    { metric: "cuts", op: ">=", bound: rounds * CUTS.length },
    { metric: "healMsMax", op: "<=", bound: HEAL_MS_MAX },
    { metric: "different", op: "==", bound: 0 },
    { metric: "writesLost", op: "==", bound: 0 },
    { metric: "refused", op: "==", bound: 0 },
  ],
  run: runPartition,
});

async function runPartition(run: ExperimentRun<PartitionParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const random = createRandom(seed);
  await using house = await CutRegions.start({
    ...{ broker: brokerOf(params.nats, seed), count: params.regions, clock, random },
  });
  const figures = {
    ...{ cuts: 0, healMsMax: 0, different: 0, writesLost: 0, apartRounds: 0 },
    ...{ writes: 0, refused: 0, conflicts: 0, comparisons: 0 },
  };
  await house.write(WARM_UP_MS);
  for (let round = 0; round < params.rounds; round += 1) {
    for (const kind of CUTS) {
      const one = house.regions[random.below(house.regions.length)];
      if (one === undefined) throw new Error("cannot cut: no region runs");
      await cut({ house, clock }, { kind, cable: one.cable, ms: params.cutSeconds * 1_000 });
      figures.cuts += 1;
      const apart = await house.ask();
      if (new Set(apart.map(({ hash }) => hash)).size > 1) figures.apartRounds += 1;
      if (kind === "wiped") await house.wipe();
      one.cable.state = "open";
      const healMs = await house.converge(WAIT_MS_MAX);
      if (healMs === undefined) figures.different += 1;
      figures.healMsMax = Math.max(figures.healMsMax, healMs ?? WAIT_MS_MAX);
      figures.writesLost += await house.countLost();
      say(`${kind}: the same again after ${healMs ?? "more than"} ms`);
    }
  }
  figures.writes = house.writes;
  for (const state of await house.ask()) {
    figures.refused += state.refused;
    figures.conflicts += state.conflicts;
    figures.comparisons += state.comparisons;
  }
  return figures;
}

async function cut(
  { house, clock }: { house: CutRegions; clock: ExperimentRun["clock"] },
  { kind, cable, ms }: { kind: (typeof CUTS)[number]; cable: { state: string }; ms: number },
): Promise<void> {
  if (kind !== "flapping") {
    cable.state = kind === "wiped" ? "cut" : kind;
    await house.write(ms);
    return;
  }
  const endMs = clock.monotonicMs() + ms;
  const flapping = async () => {
    while (clock.monotonicMs() < endMs) {
      cable.state = cable.state === "open" ? "unplugged" : "open";
      await pause(clock, FLAP_MS);
    }
  };
  await Promise.all([house.write(ms), flapping()]);
  cable.state = "cut";
}

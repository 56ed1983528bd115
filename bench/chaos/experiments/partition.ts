import { createRandom } from "#shared/sim/kernel/random.ts";
import { REGIONS, RegionDeployment } from "../../regions/region-deployment.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { Builders } from "../regions/builders.ts";
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
  /** In each of two regions with shards, of which one is cut off in the end; 0 for none. */
  readonly players: number;
}

/** How a region is cut off; with the last of them the broker loses all that it holds, too. */
const CUTS = ["cut", "upOnly", "downOnly", "unplugged", "flapping", "wiped"] as const;

/** Regions that cannot reach each other, and then can. */
export const partition = defineExperiment<PartitionParams>({
  name: "partition",
  work:
    "a region is cut off while all regions write: afterwards all have the same state, and " +
    "nothing that only one of them wrote to is lost; players of shards go on all the while",
  params: { regions: 2, cutSeconds: 30, rounds: 1, nats: 2, players: 4 },
  bars: ({ rounds, players }) => [
    { metric: "cuts", op: ">=", bound: rounds * CUTS.length + (players > 0 ? 1 : 0) },
    { metric: "healMsMax", op: "<=", bound: HEAL_MS_MAX },
    { metric: "different", op: "==", bound: 0 },
    { metric: "writesLost", op: "==", bound: 0 },
    { metric: "refused", op: "==", bound: 0 },
    { metric: "disconnects", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "buildsMissing", op: "==", bound: 0 },
    { metric: "planksWrong", op: "==", bound: 0 },
  ],
  run: runPartition,
});

async function runPartition(run: ExperimentRun<PartitionParams>): Promise<Figures> {
  const figures = emptyFigures();
  await cutBareRegions(run, figures);
  if (run.params.players > 0) await cutPlayers(run, figures);
  return figures;
}

function emptyFigures() {
  return {
    ...{ cuts: 0, healMsMax: 0, different: 0, writesLost: 0, apartRounds: 0 },
    ...{ writes: 0, refused: 0, conflicts: 0, comparisons: 0 },
    ...{ disconnects: 0, unanswered: 0, builds: 0, buildsMissing: 0, planksWrong: 0 },
  };
}

type PartitionFigures = ReturnType<typeof emptyFigures>;

async function cutBareRegions(
  { params, clock, seed, say }: ExperimentRun<PartitionParams>,
  figures: PartitionFigures,
): Promise<void> {
  const random = createRandom(seed);
  const broker = brokerOf(params.nats, seed);
  await using house = await CutRegions.start({ broker, count: params.regions, clock, random });
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
      noteHeal(figures, await house.converge(WAIT_MS_MAX));
      figures.writesLost += await house.countLost();
      say(`${kind}: the longest heal so far took ${Math.round(figures.healMsMax)} ms`);
    }
  }
  figures.writes = house.writes;
  for (const state of await house.ask()) {
    figures.refused += state.refused;
    figures.conflicts += state.conflicts;
    figures.comparisons += state.comparisons;
  }
}

/** Players build in both regions while one is cut off. */
async function cutPlayers(
  { params, clock, seed, say }: ExperimentRun<PartitionParams>,
  figures: PartitionFigures,
): Promise<void> {
  const random = createRandom(seed);
  await using regions = await RegionDeployment.start(brokerOf(params.nats, seed));
  const builders = await Builders.join(regions.url, { count: params.players, clock, random });
  await builders.build(WARM_UP_MS);
  const region = REGIONS[seed % REGIONS.length] ?? REGIONS[0];
  regions.setCable(region, "cut");
  await builders.build(params.cutSeconds * 1_000);
  regions.setCable(region, "open");
  figures.cuts += 1;
  const healMs = await regions.agree(WAIT_MS_MAX);
  noteHeal(figures, healMs);
  figures.builds = builders.built;
  figures.buildsMissing = await builders.countMissing();
  figures.planksWrong = await builders.countPlanksWrong();
  figures.disconnects = builders.disconnects;
  figures.unanswered = builders.unanswered;
  say(`players: ${builders.built} builds, the same again after ${Math.round(healMs ?? -1)} ms`);
  await builders.leave();
}

function noteHeal(figures: PartitionFigures, healMs: number | undefined): void {
  if (healMs === undefined) figures.different += 1;
  figures.healMsMax = Math.max(figures.healMsMax, healMs ?? WAIT_MS_MAX);
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

import type { Figures, Params } from "../../run/benchmark.ts";
import { DiskShard } from "../disk/disk-shard.ts";
import { GateHouse } from "../disk/gate-house.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

/** Units: everyone sees everyone, and is in a corner within seconds. */
const SIDE = 256;

interface GateParams extends Params {
  /** Kills, each within the commit of something lasting. */
  readonly trials: number;
  /** What a commit takes. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
}

/** The process dies while something lasting is on its way to the disk. */
export const gate = defineExperiment<GateParams>({
  name: "gate",
  work:
    "commits take long, and the shard is killed within one: nothing that it undoes was " +
    "acknowledged or shown to anybody before",
  params: { trials: 1_000, delayMsMin: 50, delayMsMax: 500 },
  bars: () => [
    { metric: "resultsBeforeCommit", op: "==", bound: 0 },
    { metric: "acksBeforeResult", op: "==", bound: 0 },
    { metric: "undoneResults", op: "==", bound: 0 },
    { metric: "undoneAcks", op: "==", bound: 0 },
    { metric: "undoneBroadcasts", op: "==", bound: 0 },
    { metric: "notDoneOnce", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
  ],
  run: runGate,
});

async function runGate(run: ExperimentRun<GateParams>): Promise<Figures> {
  const { params, clock, say } = run;
  await using shard = await DiskShard.start({ clock, side: SIDE, cell: SIDE });
  const house = new GateHouse({ ...params, clock, seed: run.seed, shard });
  await house.enter();
  for (let trial = 1; trial <= params.trials; trial++) {
    await house.try(trial);
    if (trial % 25 === 0) say(`${trial} of ${params.trials} kills`);
  }
  house.leave();
  return house.figures;
}

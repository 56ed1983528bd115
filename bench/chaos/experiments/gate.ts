import type { Figures, Params } from "../../run/benchmark.ts";
import { DiskShard } from "../disk/disk-shard.ts";
import { GateHouse } from "../disk/gate-house.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

/** Units: everyone sees everyone, and is in the corner within seconds. */
const SIDE = 256;
/** Kills for each that came within a commit; beyond it the series is shorter than it should be. */
const KILLS_PER_TRIAL_MAX = 3;

interface GateParams extends Params {
  /** Kills within the commit of something lasting; those that come too late do not count. */
  readonly trials: number;
  /** What a commit takes. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** Latest kill after something lasting was asked for. */
  readonly killMsMax: number;
  /** 1: the shard is told of commits before they are done, and the bars must break. */
  readonly gateOff: number;
}

/** The process dies while something lasting is on its way to the disk. */
export const gate = defineExperiment<GateParams>({
  name: "gate",
  work:
    "commits take long, and the shard is killed within one: nothing was acknowledged or shown " +
    "before its commit, and so nothing that the kill undoes",
  params: { trials: 1_000, delayMsMin: 50, delayMsMax: 500, killMsMax: 350, gateOff: 0 },
  bars: ({ trials }) => [
    { metric: "trials", op: ">=", bound: trials },
    { metric: "resultsBeforeCommit", op: "==", bound: 0 },
    { metric: "acksBeforeCommit", op: "==", bound: 0 },
    { metric: "shownBeforeCommit", op: "==", bound: 0 },
    { metric: "undoneResults", op: "==", bound: 0 },
    { metric: "undoneAcks", op: "==", bound: 0 },
    { metric: "undoneBroadcasts", op: "==", bound: 0 },
    { metric: "notDoneOnce", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
  ],
  run: runGate,
});

async function runGate(run: ExperimentRun<GateParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const { trials, gateOff } = params;
  await using shard = await DiskShard.start({ clock, side: SIDE, cell: SIDE });
  const house = new GateHouse({ ...params, clock, seed, shard, isGateOff: gateOff !== 0 });
  await house.begin();
  const { figures } = house;
  while (figures.trials < trials && figures.kills < trials * KILLS_PER_TRIAL_MAX) {
    await house.kill();
    if (figures.kills % 25 === 0) say(`${figures.trials} of ${trials} kills within a commit`);
  }
  house.leave();
  return { ...figures };
}

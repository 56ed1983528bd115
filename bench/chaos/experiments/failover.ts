import { createRandom } from "#shared/sim/index.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { FailoverScene } from "../failover/failover-scene.ts";
import { Regions } from "../failover/regions.ts";
import { Giver } from "../kill/giver.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { waitUntil } from "../run/waiting.ts";

export interface FailoverParams extends Params {
  readonly failovers: number;
  readonly clients: number;
  /** Before a region is lost. */
  readonly workMsMin: number;
  readonly workMsMax: number;
  /** Above 0: for so long before that, the server to which the owner ships is away. */
  readonly shippingStopsMs: number;
}

/** Loses the region that owns a world, while players do what must not be lost. */
export const failover = defineExperiment<FailoverParams>({
  name: "failover",
  work:
    "the region that owns a world is killed, or cut off and back later: the standby in the other " +
    "region serves, nothing is lost but what was not shipped, the old owner is refused",
  params: { failovers: 10, clients: 16, workMsMin: 3_000, workMsMax: 6_000, shippingStopsMs: 0 },
  bars: () => [
    { metric: "servingMsMax", op: "<=", bound: 10_000 },
    { metric: "lossBeyondLagMsMax", op: "<=", bound: 0 },
    { metric: "lossMsMax", op: "<=", bound: 1_000 },
    { metric: "creditsLacking", op: "==", bound: 0 },
    { metric: "creditsSurplus", op: "==", bound: 0 },
    { metric: "sumError", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
    { metric: "lateAcks", op: "==", bound: 0 },
    { metric: "staleRows", op: "==", bound: 0 },
    { metric: "notRefused", op: "==", bound: 0 },
  ],
  run: runFailover,
});

async function runFailover(run: ExperimentRun<FailoverParams>): Promise<Figures> {
  const { params, clock, seed } = run;
  const random = createRandom(seed);
  await using regions = await Regions.start({ clock, clients: params.clients });
  const owner = regions.east.start();
  await regions.east.waitFor("an owner that serves", () => owner.isServing());
  const givers = Array.from(
    { length: params.clients },
    (_, index) =>
      new Giver(index, { url: regions.serverUrl, random: () => random.below(1_000) / 1_000 }),
  );
  for (const giver of givers) await giver.join();
  await waitUntil(clock, () => givers.every(({ credits }) => credits > 0));
  await regions.west.standBy();
  const scene = new FailoverScene(run, { regions, givers, random });
  for (let trial = 1; trial <= params.failovers; trial += 1) {
    // Either region in either way, in turn.
    await scene.lose(trial % 4 < 2 ? "killed" : "cut off");
    if (trial % 5 === 0) run.say(`${trial} of ${params.failovers} failovers`);
  }
  await Promise.all(givers.map(({ session }) => session.leave()));
  return scene.figures();
}

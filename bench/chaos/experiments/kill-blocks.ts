import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { Deployment } from "../deployment.ts";
import { type Census, compareCensus, takeCensus } from "../kill-blocks/census.ts";
import { Porter } from "../kill-blocks/porter.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { pause, waitUntil } from "../run/waiting.ts";

/** After a kill all must have their answers within this time, or they count as never given. */
const ANSWERS_MS_MAX = 15_000;
/** Until everybody is shown what there is. */
const AGREEMENT_MS_MAX = 4_000;
/** Before a porter looks again whether there is something to do. */
const LOOK_MS = 20;

interface KillBlocksParams extends Params {
  readonly kills: number;
  readonly clients: number;
  /** Between the return to work and the next kill. */
  readonly workMsMin: number;
  readonly workMsMax: number;
}

/** Kills a shard of blocks while players lay down, take up, build and break. */
export const killBlocks = defineExperiment<KillBlocksParams>({
  name: "kill-blocks",
  work:
    "a shard of blocks is killed while players lay items down, take them up, build and break: " +
    "everybody has what was acknowledged, and no item or block is doubled or lost",
  params: { kills: 25, clients: 32, workMsMin: 5_200, workMsMax: 6_000 },
  bars: () => [
    { metric: "bagsWrong", op: "==", bound: 0 },
    { metric: "itemsLacking", op: "==", bound: 0 },
    { metric: "itemsSurplus", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "servingMsP95", op: "<=", bound: 3_000 },
    { metric: "actionsPerSecond", op: ">=", bound: 200 },
  ],
  run: runKillBlocks,
});

async function runKillBlocks(run: ExperimentRun<KillBlocksParams>): Promise<Figures> {
  const { params, clock, seed } = run;
  const random = createRandom(seed);
  await using deployment = await Deployment.start({
    clock,
    world: "blocks",
    shard: { TESSERA_CONNECTIONS_PER_IP: String(params.clients + 10) },
  });
  const url = deployment.serverUrl;
  const porters = Array.from({ length: params.clients }, (_, index) => {
    return new Porter(index, { url, random });
  });
  for (const porter of porters) await porter.join();
  await waitUntil(clock, () => porters.every(({ isReady }) => isReady));
  const scene = new Scene(run, { deployment, porters, random });
  await scene.open();
  for (let trial = 1; trial <= params.kills; trial += 1) {
    await scene.kill();
    if (trial % 25 === 0) run.say(`${trial} of ${params.kills} kills`);
  }
  await Promise.all(porters.map(({ session }) => session.leave()));
  return scene.figures();
}

/** The players at work and what became of it, over all kills of a run. */
class Scene {
  readonly #params: KillBlocksParams;
  readonly #clock: Clock;
  readonly #deployment: Deployment;
  readonly #porters: readonly Porter[];
  readonly #random: Random;
  readonly #chunks = new Set<number>();
  readonly #servingMs: number[] = [];
  #before: Census = new Map();
  #answers = 0;
  #workMs = 0;
  #workAnswers = 0;
  #bagsWrong = 0;
  #lacking = 0;
  #surplus = 0;
  #unanswered = 0;

  constructor(
    { params, clock }: ExperimentRun<KillBlocksParams>,
    parts: { deployment: Deployment; porters: readonly Porter[]; random: Random },
  ) {
    this.#params = params;
    this.#clock = clock;
    this.#deployment = parts.deployment;
    this.#porters = parts.porters;
    this.#random = parts.random;
  }

  /** Counts what there is before anything is done. */
  async open(): Promise<void> {
    // Until all that is in sight has come.
    await pause(this.#clock, 1_000);
    for (const porter of this.#porters) porter.openBook();
    this.#before = takeCensus(this.#porters, this.#chunks) ?? new Map();
  }

  /** Lets them work, kills, waits until they work again, lets them rest and counts. */
  async kill(): Promise<void> {
    const clock = this.#clock;
    const watcher = { answered: () => this.#answered() };
    for (const porter of this.#porters) porter.start(watcher, () => pause(clock, LOOK_MS));
    const startMs = clock.monotonicMs();
    const before = this.#answers;
    const { workMsMin, workMsMax } = this.#params;
    await pause(clock, workMsMin + this.#random.below(workMsMax - workMsMin + 1));
    this.#workMs += clock.monotonicMs() - startMs;
    this.#workAnswers += this.#answers - before;
    const reconnects = this.#reconnects();
    const killedMs = clock.monotonicMs();
    this.#deployment.kill("shard");
    // What was on its way when the process died may still arrive; a new life is told by returns.
    await waitUntil(clock, () => this.#reconnects() > reconnects, ANSWERS_MS_MAX);
    const returned = this.#answers;
    await waitUntil(clock, () => this.#answers > returned, ANSWERS_MS_MAX);
    this.#servingMs.push(clock.monotonicMs() - killedMs);
    await this.#compare();
  }

  figures(): Figures {
    const sorted = this.#servingMs.toSorted((one, other) => one - other);
    const sum = (read: (porter: Porter) => number) =>
      this.#porters.reduce((all, porter) => all + read(porter), 0);
    return {
      trials: this.#servingMs.length,
      actionsDone: sum(({ done }) => done),
      actionsRefused: sum(({ refused }) => refused),
      actionsPerSecond: (1_000 * this.#workAnswers) / this.#workMs,
      itemsCounted: [...this.#before.values()].reduce((all, count) => all + count, 0),
      bagsWrong: this.#bagsWrong,
      itemsLacking: this.#lacking,
      itemsSurplus: this.#surplus,
      unanswered: this.#unanswered,
      servingMsP50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      servingMsP95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    };
  }

  async #compare(): Promise<void> {
    const porters = this.#porters;
    const resting = Promise.all(porters.map((porter) => porter.rest())).then(() => true);
    const answered = await Promise.race([resting, pause(this.#clock, ANSWERS_MS_MAX)]);
    if (answered !== true) this.#unanswered += 1;
    for (const { failures } of porters) this.#unanswered += failures.splice(0).length;
    const isSame = () => {
      const { surplus, lacking } = compareCensus(this.#before, this.#count());
      return surplus + lacking === 0 && porters.every(({ agrees }) => agrees);
    };
    await waitUntil(this.#clock, isSame, AGREEMENT_MS_MAX);
    this.#bagsWrong += porters.filter(({ agrees }) => !agrees).length;
    const { surplus, lacking } = compareCensus(this.#before, this.#count());
    this.#surplus += surplus;
    this.#lacking += lacking;
  }

  #count(): Census | undefined {
    return takeCensus(this.#porters, this.#chunks);
  }

  #answered(): void {
    this.#answers += 1;
  }

  #reconnects(): number {
    return this.#porters.reduce((sum, { session }) => sum + session.stats.reconnects, 0);
  }
}

import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { Deployment, type Role } from "../deployment.ts";
import { CreditBook } from "../kill/credit-book.ts";
import { type Circle, Giver } from "../kill/giver.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { pause, waitUntil } from "../run/waiting.ts";

/** After a kill all must have their answers within this time, or they count as never given. */
const ANSWERS_MS_MAX = 15_000;
/** Until what was told to each player must be what was acknowledged. */
const AGREEMENT_MS_MAX = 4_000;
/** Every so manieth kill is the server's, which must not disturb the game. */
const SERVER_EVERY = 5;

interface KillParams extends Params {
  readonly kills: number;
  readonly clients: number;
  /** Between the return to work and the next kill. */
  readonly workMsMin: number;
  readonly workMsMax: number;
}

/** Kills a shard or its server in the middle of work that must not be lost. */
export const kill = defineExperiment<KillParams>({
  name: "kill",
  work:
    "a shard or its server is killed while players give credits to each other: what was " +
    "acknowledged is there, nothing is done twice, the sum stays",
  // Whoever is cut off again within 5 s waits longer each time, and so does what starts processes.
  params: { kills: 25, clients: 32, workMsMin: 5_200, workMsMax: 6_000 },
  bars: () => [
    { metric: "creditsLacking", op: "==", bound: 0 },
    { metric: "creditsSurplus", op: "==", bound: 0 },
    { metric: "sumError", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
    { metric: "cutByServerKills", op: "==", bound: 0 },
    { metric: "servingMsP95", op: "<=", bound: 3_000 },
    { metric: "actionsPerSecond", op: ">=", bound: 200 },
  ],
  run: runKill,
});

async function runKill(run: ExperimentRun<KillParams>): Promise<Figures> {
  const { params, clock, seed } = run;
  const random = createRandom(seed);
  await using deployment = await Deployment.start({
    clock,
    shard: { TESSERA_CONNECTIONS_PER_IP: String(params.clients + 10) },
  });
  const givers = Array.from(
    { length: params.clients },
    (_, index) =>
      new Giver(index, { url: deployment.serverUrl, random: () => random.below(1_000) / 1_000 }),
  );
  for (const giver of givers) await giver.join();
  await waitUntil(clock, () => givers.every(({ credits }) => credits > 0));
  const scene = new Scene(run, { deployment, givers, random });
  for (let trial = 1; trial <= params.kills; trial += 1) {
    await scene.kill(trial % SERVER_EVERY === 0 ? "server" : "shard");
    if (trial % 25 === 0) run.say(`${trial} of ${params.kills} kills`);
  }
  await Promise.all(givers.map(({ session }) => session.leave()));
  return scene.figures();
}

/** The players at work and what became of it, over all kills of a run. */
class Scene {
  readonly #params: KillParams;
  readonly #clock: Clock;
  readonly #deployment: Deployment;
  readonly #givers: readonly Giver[];
  readonly #random: Random;
  readonly #circle: Circle;
  readonly #sum: number;
  readonly #entities: readonly number[];
  readonly #servingMs: number[] = [];
  #answers = 0;
  #workMs = 0;
  #workAnswers = 0;
  #lacking = 0;
  #surplus = 0;
  #sumError = 0;
  #unanswered = 0;
  #cutByServer = 0;
  #kills = 0;

  constructor(
    { params, clock }: ExperimentRun<KillParams>,
    parts: { deployment: Deployment; givers: readonly Giver[]; random: Random },
  ) {
    const { givers, random } = parts;
    const book = new CreditBook(givers.map(({ credits }) => credits));
    this.#params = params;
    this.#clock = clock;
    this.#deployment = parts.deployment;
    this.#givers = givers;
    this.#random = random;
    this.#sum = book.sum;
    this.#entities = givers.map(({ session }) => session.entityId);
    this.#circle = {
      book,
      entityOf: (index) => givers[index]?.session.entityId ?? 0,
      choose: (besides) => (besides + 1 + random.below(givers.length - 1)) % givers.length,
      answered: () => {
        this.#answers += 1;
      },
    };
  }

  /** Lets them work, kills, waits until they work again, lets them rest and compares. */
  async kill(role: Role): Promise<void> {
    for (const giver of this.#givers) giver.start(this.#circle);
    const startMs = this.#clock.monotonicMs();
    const before = this.#answers;
    const { workMsMin, workMsMax } = this.#params;
    await pause(this.#clock, workMsMin + this.#random.below(workMsMax - workMsMin + 1));
    this.#workMs += this.#clock.monotonicMs() - startMs;
    this.#workAnswers += this.#answers - before;
    const reconnects = this.#reconnects();
    const known = this.#answers;
    const killedMs = this.#clock.monotonicMs();
    this.#deployment.kill(role);
    if (role === "shard") {
      // What was on its way when the process died may still arrive; a new life is told by returns.
      await waitUntil(this.#clock, () => this.#reconnects() > reconnects, ANSWERS_MS_MAX);
      const returned = this.#answers;
      await waitUntil(this.#clock, () => this.#answers > returned, ANSWERS_MS_MAX);
      this.#servingMs.push(this.#clock.monotonicMs() - killedMs);
    } else {
      await waitUntil(this.#clock, () => this.#answers > known + 50, ANSWERS_MS_MAX);
      this.#cutByServer += this.#reconnects() - reconnects;
    }
    await this.#compare();
    this.#kills += 1;
  }

  figures(): Figures {
    const sorted = this.#servingMs.toSorted((one, other) => one - other);
    const { book } = this.#circle;
    const lost = this.#givers.filter(({ session, index }) => {
      return session.entityId !== this.#entities[index];
    });
    return {
      trials: this.#kills,
      actionsDone: book.done,
      actionsRefused: book.refused,
      actionsPerSecond: (1_000 * this.#workAnswers) / this.#workMs,
      creditsLacking: this.#lacking,
      creditsSurplus: this.#surplus,
      sumError: this.#sumError,
      unanswered: this.#unanswered,
      sessionsLost: lost.length,
      cutByServerKills: this.#cutByServer,
      servingMsP50: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      servingMsP95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    };
  }

  async #compare(): Promise<void> {
    const resting = Promise.all(this.#givers.map((giver) => giver.rest())).then(() => true);
    const answered = await Promise.race([resting, pause(this.#clock, ANSWERS_MS_MAX)]);
    if (answered !== true) this.#unanswered += 1;
    this.#unanswered += this.#givers.reduce((sum, { failures }) => {
      return sum + failures.splice(0).length;
    }, 0);
    const { book } = this.#circle;
    await waitUntil(this.#clock, () => isEqual(book.compare(this.#credits())), AGREEMENT_MS_MAX);
    const credits = this.#credits();
    const { surplus, lacking } = book.compare(credits);
    this.#surplus += surplus;
    this.#lacking += lacking;
    this.#sumError += Math.abs(credits.reduce((sum, each) => sum + each, 0) - this.#sum);
  }

  #credits(): number[] {
    return this.#givers.map(({ credits }) => credits);
  }

  #reconnects(): number {
    return this.#givers.reduce((sum, { session }) => sum + session.stats.reconnects, 0);
  }
}

function isEqual({ surplus, lacking }: { surplus: number; lacking: number }): boolean {
  return surplus === 0 && lacking === 0;
}

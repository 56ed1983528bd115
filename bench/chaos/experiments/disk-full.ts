import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HOLD_PATH } from "#shared/infra/db/hold-path.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { Deployment } from "../deployment.ts";
import { chooseSmallDisk, type SmallDisk } from "../disk-full/small-disk.ts";
import { CreditBook } from "../kill/credit-book.ts";
import { type Circle, Giver } from "../kill/giver.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { pause, waitUntil } from "../run/waiting.ts";

/** The shard must have said by then that it cannot write. */
const NOTICED_MS_MAX = 10_000;
/** After this long without answers they count as never given. */
const ANSWERS_MS_MAX = 20_000;
/** Until what was told to each player must be what was acknowledged. */
const AGREEMENT_MS_MAX = 4_000;

interface DiskFullParams extends Params {
  /** How often the disk is filled; every other time the shard is killed meanwhile. */
  readonly fills: number;
  readonly clients: number;
  /** Size of the file system, where one can be mounted; 0: limit the sizes of files instead. */
  readonly diskMB: number;
  /** Work before the disk is filled. */
  readonly workMsMin: number;
  readonly workMsMax: number;
  /** How long it stays full once the shard has noticed. */
  readonly fullMsMin: number;
  readonly fullMsMax: number;
}

/** Fills the disk under a shard whose players do what must not be lost. */
export const diskFull = defineExperiment<DiskFullParams>({
  name: "disk-full",
  work:
    "the disk is full while players give credits, and every other time the shard is " +
    "killed on it: nothing is acknowledged that is not there, and it goes on by itself",
  // Beyond 10 s the world stands still; a restart within 5 s of the one before would wait longer.
  params: {
    fills: 10,
    clients: 16,
    diskMB: 64,
    workMsMin: 5_200,
    workMsMax: 6_000,
    fullMsMin: 1_000,
    fullMsMax: 14_000,
  },
  bars: () => [
    { metric: "acksWhileFull", op: "==", bound: 0 },
    { metric: "creditsLacking", op: "==", bound: 0 },
    { metric: "creditsSurplus", op: "==", bound: 0 },
    { metric: "sumError", op: "==", bound: 0 },
    { metric: "unanswered", op: "==", bound: 0 },
    { metric: "unnoticed", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
    { metric: "shardExits", op: "==", bound: 0 },
    { metric: "resumeMsMax", op: "<=", bound: 10_000 },
  ],
  run: runDiskFull,
});

async function runDiskFull(run: ExperimentRun<DiskFullParams>): Promise<Figures> {
  const { params, clock, seed } = run;
  const random = createRandom(seed);
  const disk = chooseSmallDisk(params.diskMB);
  await using deployment = await Deployment.start({
    clock,
    shard: { TESSERA_CONNECTIONS_PER_IP: String(params.clients + 10) },
    prepare: (folder) => disk.prepare(folder),
    tidy: () => disk.remove(),
  });
  const givers = Array.from(
    { length: params.clients },
    (_, index) =>
      new Giver(index, { url: deployment.serverUrl, random: () => random.below(1_000) / 1_000 }),
  );
  for (const giver of givers) await giver.join();
  await waitUntil(clock, () => givers.every(({ credits }) => credits > 0));
  const scene = new Scene(run, { deployment, disk, givers, random });
  for (let trial = 1; trial <= params.fills; trial += 1) {
    await scene.fill(trial % 2 === 0);
    if (trial % 5 === 0) run.say(`${trial} of ${params.fills} times full (${disk.kind})`);
  }
  await Promise.all(givers.map(({ session }) => session.leave()));
  return scene.figures();
}

interface Parts {
  readonly deployment: Deployment;
  readonly disk: SmallDisk;
  readonly givers: readonly Giver[];
  readonly random: Random;
}

/** The players at work and what became of it, over all times that the disk was full. */
class Scene {
  readonly #params: DiskFullParams;
  readonly #clock: Clock;
  readonly #parts: Parts;
  readonly #circle: Circle;
  readonly #sum: number;
  readonly #entities: readonly number[];
  readonly #counts = { trials: 0, kills: 0, acksWhileFull: 0, unnoticed: 0, unanswered: 0 };
  readonly #errors = { lacking: 0, surplus: 0, sum: 0 };
  readonly #noticedMs: number[] = [];
  readonly #resumeMs: number[] = [];
  #answers = 0;
  #exits = 0;

  constructor({ params, clock }: ExperimentRun<DiskFullParams>, parts: Parts) {
    const { givers, random } = parts;
    const book = new CreditBook(givers.map(({ credits }) => credits));
    this.#params = params;
    this.#clock = clock;
    this.#parts = parts;
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

  /** Lets them work, fills the disk, perhaps kills, frees it, waits for answers and compares. */
  async fill(withKill: boolean): Promise<void> {
    const { deployment, disk, givers } = this.#parts;
    const { workMsMin, workMsMax, fullMsMin, fullMsMax } = this.#params;
    for (const giver of givers) giver.start(this.#circle);
    await pause(this.#clock, this.#between(workMsMin, workMsMax));
    const pid = deployment.pidOf("shard");
    await this.#emptyWal();
    const filledMs = this.#clock.monotonicMs();
    disk.fill(pid);
    await waitUntil(this.#clock, () => this.#isInTrouble(), NOTICED_MS_MAX);
    if (!(await this.#isInTrouble())) this.#counts.unnoticed += 1;
    this.#noticedMs.push(this.#clock.monotonicMs() - filledMs);
    const known = this.#answers;
    const fullMs = this.#between(fullMsMin, fullMsMax);
    await pause(this.#clock, fullMs / 2);
    this.#counts.acksWhileFull += this.#answers - known;
    if (withKill) this.#kill();
    const knownAfter = this.#answers;
    await pause(this.#clock, fullMs / 2);
    // A limit goes with the process that it held: the new one may write.
    const isStillFull = !withKill || disk.kind === "file system";
    if (isStillFull) this.#counts.acksWhileFull += this.#answers - knownAfter;
    const emptiedMs = this.#clock.monotonicMs();
    disk.empty(pid);
    await waitUntil(this.#clock, () => this.#answers > known, ANSWERS_MS_MAX);
    this.#resumeMs.push(this.#clock.monotonicMs() - emptiedMs);
    await this.#compare();
    this.#counts.trials += 1;
    if (!withKill && deployment.pidOf("shard") !== pid) this.#exits += 1;
  }

  figures(): Figures {
    const { givers, disk } = this.#parts;
    const { book } = this.#circle;
    const lost = givers.filter(({ session, index }) => session.entityId !== this.#entities[index]);
    return {
      ...this.#counts,
      realFileSystem: disk.kind === "file system" ? 1 : 0,
      actionsDone: book.done,
      actionsRefused: book.refused,
      creditsLacking: this.#errors.lacking,
      creditsSurplus: this.#errors.surplus,
      sumError: this.#errors.sum,
      sessionsLost: lost.length,
      shardExits: this.#exits,
      noticedMsMax: Math.max(0, ...this.#noticedMs),
      resumeMsMedian: median(this.#resumeMs),
      resumeMsMax: Math.max(0, ...this.#resumeMs),
    };
  }

  #kill(): void {
    this.#counts.kills += 1;
    this.#parts.deployment.kill("shard");
  }

  #between(min: number, max: number): number {
    return min + this.#parts.random.below(max - min + 1);
  }

  /**
   * A WAL that has its size is written over again and takes no room. Whoever takes a copy of the
   * database has it brought into the file, and from then on it grows.
   */
  async #emptyWal(): Promise<void> {
    const { deployment } = this.#parts;
    const secret = readFileSync(join(deployment.folder, "cluster-secret"), "utf8").trim();
    const url = new URL(`${HOLD_PATH}?id=${crypto.randomUUID()}`, this.#shardUrl);
    const headers = { authorization: `Bearer ${secret}` };
    for (const method of ["POST", "DELETE"]) {
      const response = await fetch(url, { method, headers });
      if (!response.ok) throw new Error(`cannot empty the WAL: ${await response.text()}`);
    }
  }

  /** Whether the shard says that it cannot write. */
  async #isInTrouble(): Promise<boolean> {
    try {
      const response = await fetch(new URL("/health", this.#shardUrl));
      const { storage }: { storage: { state: string } } = await response.json();
      return storage.state === "stalled";
    } catch {
      return false;
    }
  }

  get #shardUrl(): string {
    return this.#parts.deployment.shardAddress.replace(/^ws/, "http");
  }

  async #compare(): Promise<void> {
    const { givers } = this.#parts;
    const resting = Promise.all(givers.map((giver) => giver.rest())).then(() => true);
    const isAnswered = await Promise.race([resting, pause(this.#clock, ANSWERS_MS_MAX)]);
    if (isAnswered !== true) this.#counts.unanswered += 1;
    for (const { failures } of givers) this.#counts.unanswered += failures.splice(0).length;
    const { book } = this.#circle;
    const compare = () => book.compare(givers.map(({ credits }) => credits));
    const isEqual = () => compare().surplus === 0 && compare().lacking === 0;
    await waitUntil(this.#clock, isEqual, AGREEMENT_MS_MAX);
    const { surplus, lacking } = compare();
    const sum = givers.reduce((total, { credits }) => total + credits, 0);
    this.#errors.surplus += surplus;
    this.#errors.lacking += lacking;
    this.#errors.sum += Math.abs(sum - this.#sum);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

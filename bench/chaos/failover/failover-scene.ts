import { openDatabase } from "#shared/infra/db/database.ts";
import type { Random } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Figures } from "../../run/benchmark.ts";
import type { FailoverParams } from "../experiments/failover.ts";
import { CreditBook } from "../kill/credit-book.ts";
import type { Circle, Gift, Giver } from "../kill/giver.ts";
import type { ExperimentRun } from "../run/experiment.ts";
import { pause, waitUntil } from "../run/waiting.ts";
import type { Region, Regions } from "./regions.ts";

/** After a loss all must have their answers within this time, or they count as never given. */
const ANSWERS_MS_MAX = 40_000;
/** Until what was told to each player must be what was acknowledged. */
const AGREEMENT_MS_MAX = 4_000;
/** An owner that was cut off must have ended so long after it is back. */
const END_MS_MAX = 5_000;
/** Between two looks at how far the standby is. */
const STANDBY_LOOK_MS = 50;
const TICK_MS = 1_000 / 30;
/** It may be started again when that helps; see docs/OPERATIONS.md. */
const NOT_OWNER = 75;

/** How a region is lost: for good, or it stands still and is back when all is over. */
export type Loss = "killed" | "cut off";

interface Parts {
  readonly regions: Regions;
  readonly givers: readonly Giver[];
  readonly random: Random;
}

/** The players at work and what became of it, over all losses of a run. */
export class FailoverScene {
  readonly #params: FailoverParams;
  readonly #clock: Clock;
  readonly #parts: Parts;
  readonly #book: CreditBook;
  readonly #say: (text: string) => void;
  readonly #circle: Circle;
  readonly #sum: number;
  readonly #entities: readonly number[];
  readonly #counts = { killed: 0, cutOff: 0, unanswered: 0, lateAcks: 0, notRefused: 0 };
  readonly #losses = { actionsLost: 0, staleRows: 0, lossMsMax: 0, lossBeyondLagMsMax: -1_000 };
  readonly #errors = { creditsLacking: 0, creditsSurplus: 0, sumError: 0 };
  readonly #servingMs: number[] = [];
  readonly #playingMs: number[] = [];
  #lagMsMax = 0;
  /** Up to where the standby was seen to follow. */
  #followedTick = 0;
  #answers = 0;
  /** Of the present trial. */
  #gifts: Gift[] = [];
  #owner: Region;
  #standby: Region;

  constructor({ params, clock, say }: ExperimentRun<FailoverParams>, parts: Parts) {
    const { givers, random, regions } = parts;
    this.#params = params;
    this.#clock = clock;
    this.#say = say;
    this.#parts = parts;
    this.#owner = regions.east;
    this.#standby = regions.west;
    this.#book = new CreditBook(givers.map(({ credits }) => credits));
    this.#sum = this.#book.sum;
    this.#entities = givers.map(({ session }) => session.entityId);
    this.#circle = {
      book: this.#book,
      entityOf: (index) => givers[index]?.session.entityId ?? 0,
      choose: (besides) => (besides + 1 + random.below(givers.length - 1)) % givers.length,
      answered: () => {
        this.#answers += 1;
      },
      done: (gift) => void this.#gifts.push(gift),
    };
  }

  /** Lets them work, loses the owner's region, waits for the other's, compares, and mends. */
  async lose(loss: Loss): Promise<void> {
    const { givers } = this.#parts;
    this.#gifts = [];
    for (const giver of givers) giver.start(this.#circle);
    await this.#work();
    const lives = givers.map(({ session }) => session.stats.reconnects);
    const isOld = (gift: Gift) => gift.life <= (lives[gift.from] ?? 0);
    const lostMs = this.#clock.monotonicMs();
    if (loss === "killed") await this.#owner.kill();
    else this.#owner.shard.signal("SIGSTOP");
    const reaching = this.#owner.committedTick();
    await this.#standby.waitFor("a standby that serves", () => this.#standby.shard.isServing());
    this.#servingMs.push(this.#clock.monotonicMs() - lostMs);
    const before = this.#gifts.filter(isOld).length;
    await waitUntil(this.#clock, () => this.#gifts.some((gift) => !isOld(gift)), ANSWERS_MS_MAX);
    this.#playingMs.push(this.#clock.monotonicMs() - lostMs);
    const lagTicks = (await reaching) - this.#followedTick;
    if (loss === "cut off") await this.#returns();
    await this.#rest();
    this.#counts.lateAcks += this.#gifts.filter(isOld).length - before;
    this.#judgeLoss(this.#gifts.filter(isOld), lagTicks);
    await this.#compare();
    this.#counts[loss === "killed" ? "killed" : "cutOff"] += 1;
    await this.#mend();
  }

  figures(): Figures {
    const { givers } = this.#parts;
    const lost = givers.filter(({ session, index }) => session.entityId !== this.#entities[index]);
    return {
      trials: this.#servingMs.length,
      ...this.#counts,
      ...this.#losses,
      ...this.#errors,
      actionsDone: this.#book.done,
      actionsRefused: this.#book.refused,
      sessionsLost: lost.length,
      lagMsMax: this.#lagMsMax,
      servingMsMedian: median(this.#servingMs),
      servingMsMax: Math.max(0, ...this.#servingMs),
      playingMsMedian: median(this.#playingMs),
      playingMsMax: Math.max(0, ...this.#playingMs),
    };
  }

  /** Lets them work for a while, and looks how far the replica is behind meanwhile. */
  async #work(): Promise<void> {
    const { workMsMin, workMsMax, shippingStopsMs } = this.#params;
    const workMs = workMsMin + this.#parts.random.below(workMsMax - workMsMin + 1);
    await this.#watchStandby(workMs);
    if (shippingStopsMs > 0) await this.#parts.regions.east.sqld.kill();
    await this.#watchStandby(shippingStopsMs);
  }

  async #watchStandby(forMs: number): Promise<void> {
    const endMs = this.#clock.monotonicMs() + forMs;
    while (this.#clock.monotonicMs() < endMs) {
      const health = await this.#standby.shard.health();
      if (health !== undefined) this.#followedTick = Number(health.tick);
      await pause(this.#clock, STANDBY_LOOK_MS);
    }
  }

  /** Who was acknowledged what the new owner never had; that is taken out of the book. */
  #judgeLoss(gifts: readonly Gift[], lagTicks: number): void {
    const tick = this.#firstTick;
    const lost = gifts.filter((gift) => gift.tick > tick);
    for (const { from, to } of lost) this.#book.forget(from, to);
    const ticks = Math.max(0, ...lost.map((gift) => gift.tick - tick));
    const losses = this.#losses;
    losses.actionsLost += lost.length;
    losses.lossMsMax = Math.max(losses.lossMsMax, ticks * TICK_MS);
    const beyondMs = (ticks - lagTicks) * TICK_MS;
    losses.lossBeyondLagMsMax = Math.max(losses.lossBeyondLagMsMax, beyondMs);
    this.#lagMsMax = Math.max(this.#lagMsMax, lagTicks * TICK_MS);
  }

  /** After which the new owner went on. */
  get #firstTick(): number {
    const tick = this.#standby.shard.find(/goes on from here .*\btick=(\d+)/);
    if (tick !== undefined) return Number(tick);
    throw new Error(`cannot tell what was taken over:\n${this.#standby.shard.output}`);
  }

  /** An owner that was cut off is back while another serves. */
  async #returns(): Promise<void> {
    const { shard } = this.#owner;
    shard.signal("SIGCONT");
    await waitUntil(this.#clock, () => shard.exitCode !== undefined, END_MS_MAX);
    if (shard.exitCode === NOT_OWNER) return;
    const { exitCode } = shard;
    shard.signal("SIGKILL");
    await shard.ended();
    this.#tellNotRefused(`it was cut off, and ended with ${exitCode}`, shard.output);
  }

  #tellNotRefused(how: string, output: string): void {
    this.#counts.notRefused += 1;
    this.#say(`an owner that is back was not refused: ${how}\n${output}`);
  }

  async #rest(): Promise<void> {
    const { givers } = this.#parts;
    const resting = Promise.all(givers.map((giver) => giver.rest())).then(() => true);
    const isAnswered = await Promise.race([resting, pause(this.#clock, ANSWERS_MS_MAX)]);
    if (isAnswered !== true) this.#counts.unanswered += 1;
    for (const { failures } of givers) this.#counts.unanswered += failures.splice(0).length;
  }

  async #compare(): Promise<void> {
    const { givers } = this.#parts;
    const compare = () => this.#book.compare(givers.map(({ credits }) => credits));
    const isEqual = () => compare().surplus === 0 && compare().lacking === 0;
    await waitUntil(this.#clock, isEqual, AGREEMENT_MS_MAX);
    const { surplus, lacking } = compare();
    const sum = givers.reduce((total, { credits }) => total + credits, 0);
    this.#errors.creditsSurplus += surplus;
    this.#errors.creditsLacking += lacking;
    this.#errors.sumError += Math.abs(sum - this.#sum);
  }

  /** The lost region is back: its shard is refused as an owner, and stands by from then on. */
  async #mend(): Promise<void> {
    const [back, owner] = [this.#owner, this.#standby];
    await Promise.all([back.sqld.restart(), owner.sqld.restart()]);
    const refused = back.start();
    const code = await refused.ended();
    if (code !== NOT_OWNER || !/lives in another database/.test(refused.output)) {
      this.#tellNotRefused(`it was started, and ended with ${code}`, refused.output);
    }
    await owner.waitFor("an owner that ships", async () => {
      const health = await owner.shard.health();
      return health?.replica === "shipping" && Number(health.replica_lag_ticks) < 10;
    });
    this.#losses.staleRows += await this.#countStaleRows();
    await back.standBy();
    [this.#owner, this.#standby] = [owner, back];
  }

  /** Ticks at the primary which an owner wrote that was not one any more. */
  async #countStaleRows(): Promise<number> {
    const { url: place, authToken } = this.#parts.regions.primary;
    await using database = await openDatabase({ place, authToken, schema: {} });
    const { rows } = await database.client.execute({
      sql: "SELECT count(*) FROM journal WHERE tick > ? AND epoch < (SELECT epoch FROM progress)",
      args: [this.#firstTick],
    });
    return Number(rows[0]?.[0]);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

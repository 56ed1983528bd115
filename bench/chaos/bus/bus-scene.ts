import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Clock } from "#shared/time/clock.ts";
import type { Deployment } from "../deployment.ts";
import { LoneShard } from "../failover/lone-shard.ts";
import type { CreditBook } from "../kill/credit-book.ts";
import { type Circle, Giver } from "../kill/giver.ts";
import { pause, waitUntil } from "../run/waiting.ts";
import type { Broker } from "./broker.ts";
import type { EventLogReader, KillSender } from "./kill-log.ts";

/** What happens to the broker. */
export type BrokerFault = "killed" | "flushed" | "frozen";

/** Longest that is waited for what a bar judges afterwards. */
const WAIT_MS_MAX = 30_000;
/** Of all players' places; an account may ask a hundred times a minute. */
const PRESENCE_LOOK_MS = 500;
/** A guest asks for statistics not more often than this. */
const LOG_LOOK_MS = 1_000;
/** Afterwards all must have their answers within this time, or they count as never given. */
const ANSWERS_MS_MAX = 15_000;

const Health = z.object({ status: z.string(), players: z.number(), shards: z.number() });
const ShardHealth = z.object({ epoch: z.number() });

export interface BusSceneParts {
  readonly clock: Clock;
  readonly broker: Broker;
  readonly deployment: Deployment;
  readonly givers: readonly Giver[];
  readonly circle: Circle;
  readonly book: CreditBook;
  readonly kills: KillSender;
  readonly log: EventLogReader;
  readonly outageMs: number;
  readonly say: (text: string) => void;
}

/** Players at work on one deployment, what was done to its broker, and what became of it. */
export class BusScene {
  readonly #parts: BusSceneParts;
  readonly figures = {
    ...{ faults: 0, reconnects: 0, sessionsLost: 0, unanswered: 0, secondOwners: 0 },
    ...{ epochChanges: 0, joinsFailed: 0, wrongPictures: 0, killsLost: 0, killsTaken: 0 },
    ...{
      pictureMsMax: 0,
      presenceMsMax: 0,
      answerGapMsMax: 0,
      creditsLacking: 0,
      creditsSurplus: 0,
    },
  };
  #answeredMs = 0;
  #visitors = 0;
  /** Came and went while the broker was away. */
  #left: Giver | undefined;

  constructor(parts: BusSceneParts) {
    this.#parts = parts;
  }

  /** To be called at each answer that a player gets. */
  answered(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const gapMs = this.#answeredMs === 0 ? 0 : nowMs - this.#answeredMs;
    this.figures.answerGapMsMax = Math.max(this.figures.answerGapMsMax, gapMs);
    this.#answeredMs = nowMs;
  }

  /** Lets all work, does it to the broker, and judges what players and staff saw. */
  async suffer(fault: BrokerFault): Promise<void> {
    const { clock, givers, circle, kills, outageMs, broker } = this.#parts;
    const { figures } = this;
    await this.#pictureIsRight();
    await this.#presenceIsRight();
    const epoch = await this.#epoch();
    const entities = givers.map(({ session }) => session.entityId);
    const reconnects = this.#reconnects();
    this.#answeredMs = 0;
    for (const giver of givers) giver.start(circle);
    kills.start();
    await pause(clock, 500);
    if (fault === "flushed") {
      // What a broker has taken and nobody was handed is gone with it, whoever tells it to forget.
      await kills.rest();
      await this.#allLogged();
      await broker.flush();
      kills.start();
      await this.#outage(outageMs / 10);
    } else {
      if (fault === "killed") await broker.service.kill();
      else broker.service.freeze();
      await this.#outage(outageMs);
      if (fault === "killed") await broker.service.restart();
      else broker.service.thaw();
    }
    const [pictureMs, presenceMs] = await Promise.all([
      this.#pictureIsRight(),
      this.#presenceIsRight(),
    ]);
    figures.pictureMsMax = Math.max(figures.pictureMsMax, pictureMs);
    figures.presenceMsMax = Math.max(figures.presenceMsMax, presenceMs);
    await kills.rest();
    await this.#allLogged();
    await this.#compare();
    figures.reconnects += this.#reconnects() - reconnects;
    figures.sessionsLost += givers.filter(
      ({ session, index }) => session.entityId !== entities[index],
    ).length;
    if ((await this.#epoch()) !== epoch) figures.epochChanges += 1;
    figures.faults += 1;
  }

  /** While the broker is away: another shard of the same key comes, and a new player. */
  async #outage(ms: number): Promise<void> {
    const { clock, deployment, broker, givers, say } = this.#parts;
    const { folder, serverUrl } = deployment;
    const endMs = clock.monotonicMs() + ms;
    const secret = readFileSync(join(folder, "cluster-secret"), "utf8").trim();
    const rival = new LoneShard([], {
      TESSERA_DATA: join(folder, `rival-${this.#visitors}`),
      TESSERA_SERVER_URL: serverUrl,
      TESSERA_CLUSTER_SECRET: secret,
      TESSERA_SHARD_PORT: "0",
      TESSERA_BUS: broker.url,
    });
    const visitor = await this.#visit();
    let isOwner = false;
    while (clock.monotonicMs() < endMs) {
      isOwner ||= await rival.isServing();
      const { shards, players } = await this.#health();
      // The server may lack what it was not told, but it must not forget who is there.
      if (shards !== 1 || players < givers.length) {
        this.figures.wrongPictures += 1;
        say(`${broker.kind}: the server sees ${shards} shards, ${players} players`);
      }
      await pause(clock, 100);
    }
    // A rival that comes while nobody can hear must be refused all the same.
    await waitUntil(clock, () => rival.exitCode !== undefined, WAIT_MS_MAX);
    if (isOwner || rival.exitCode !== 75) this.figures.secondOwners += 1;
    rival.signal("SIGKILL");
    await rival.ended();
    await visitor?.session.leave();
    this.#left = visitor;
  }

  /** A player who comes for the first time. */
  async #visit(): Promise<Giver | undefined> {
    this.#visitors += 1;
    const { serverUrl: url } = this.#parts.deployment;
    const visitor = new Giver(1_000 + this.#visitors, { url, random: () => 0.5 });
    try {
      await visitor.join();
      return visitor;
    } catch {
      this.figures.joinsFailed += 1;
      return undefined;
    }
  }

  /** How long it takes until the server says again who is there, and that nothing is the matter. */
  async #pictureIsRight(): Promise<number> {
    const { clock, givers } = this.#parts;
    const startMs = clock.monotonicMs();
    const isRight = async () => {
      const { status, shards, players } = await this.#health();
      return status === "ok" && shards === 1 && players === givers.length;
    };
    await waitUntil(clock, isRight, WAIT_MS_MAX);
    return clock.monotonicMs() - startMs;
  }

  /** How long it takes until each player is said to be where it is, and who has left nowhere. */
  async #presenceIsRight(): Promise<number> {
    const { clock, givers } = this.#parts;
    const startMs = clock.monotonicMs();
    const endMs = startMs + WAIT_MS_MAX;
    const isRight = async () => {
      const places = await Promise.all(givers.map((giver) => giver.isSeen()));
      const isGone = this.#left === undefined || (await this.#left.isSeen()) === false;
      return isGone && places.every((seen) => seen === true);
    };
    while (!(await isRight()) && clock.monotonicMs() < endMs) await pause(clock, PRESENCE_LOOK_MS);
    return clock.monotonicMs() - startMs;
  }

  async #allLogged(): Promise<void> {
    const { clock, kills, log } = this.#parts;
    const endMs = clock.monotonicMs() + WAIT_MS_MAX;
    let logged = await log.countKills();
    while (logged !== kills.taken && clock.monotonicMs() < endMs) {
      await pause(clock, LOG_LOOK_MS);
      logged = await log.countKills();
    }
    this.figures.killsTaken = kills.taken;
    this.figures.killsLost = Math.abs(kills.taken - logged);
  }

  async #compare(): Promise<void> {
    const { clock, givers, book } = this.#parts;
    const resting = Promise.all(givers.map((giver) => giver.rest())).then(() => true);
    const isAnswered = await Promise.race([resting, pause(clock, ANSWERS_MS_MAX)]);
    if (isAnswered !== true) this.figures.unanswered += 1;
    for (const { failures } of givers) this.figures.unanswered += failures.splice(0).length;
    const compare = () => book.compare(givers.map(({ credits }) => credits));
    const isEqual = () => compare().lacking === 0 && compare().surplus === 0;
    await waitUntil(clock, isEqual, WAIT_MS_MAX);
    this.figures.creditsLacking += compare().lacking;
    this.figures.creditsSurplus += compare().surplus;
  }

  async #health() {
    const answer = await fetch(`${this.#parts.deployment.serverUrl}/health`);
    return Health.parse(await answer.json());
  }

  async #epoch(): Promise<number> {
    const url = this.#parts.deployment.shardAddress;
    const answer = await fetch(`${url.replace(/^ws/, "http").replace(/\/game$/, "")}/health`);
    return ShardHealth.parse(await answer.json()).epoch;
  }

  #reconnects(): number {
    return this.#parts.givers.reduce((sum, { session }) => sum + session.stats.reconnects, 0);
  }
}

import { z } from "zod";
import type { Bus } from "#shared/infra/bus/bus.ts";
import { TOPIC_KILLS } from "#shared/infra/bus/bus.ts";
import type { Clock } from "#shared/time/clock.ts";
import { pause } from "../run/waiting.ts";

const SHARD_KEY = "arena:9:eu-west-1";
const SEND_EVERY_MS = 50;
const RETRY_MS = 100;

const Login = z.object({ accessToken: z.string() });
const Health = z.object({ shards: z.number() });
const Statistics = z.object({ total: z.number() });

/** Sends kills as the outbox of a shard does, and reads how many of them are in the event log. */
export class KillSender {
  readonly #bus: Bus;
  readonly #clock: Clock;
  #wanted = false;
  #sending: Promise<void> = Promise.resolve();
  /** That the bus has taken. */
  taken = 0;

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  start(): void {
    this.#wanted = true;
    this.#sending = this.#send();
  }

  /** Resolves when the last one was taken. */
  async rest(): Promise<void> {
    this.#wanted = false;
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#wanted) {
      const id = crypto.randomUUID();
      const value = { shardKey: SHARD_KEY, tick: this.taken, killerId: "ann", victimId: "bob" };
      const send = () =>
        this.#bus.send(TOPIC_KILLS, { case: "playerKilled", value }, { id }).then(
          () => true,
          () => false,
        );
      while (!(await send())) await pause(this.#clock, RETRY_MS);
      this.taken += 1;
      await pause(this.#clock, SEND_EVERY_MS);
    }
  }
}

/** What anybody may ask a server: the number of kills in its log, as a player does. */
export class EventLogReader {
  readonly #url: string;
  #token: string | undefined;

  constructor(serverUrl: string) {
    this.#url = serverUrl;
  }

  /** Whether the server knows of a shard to send players to. */
  async hasShard(): Promise<boolean> {
    const answer = await fetch(`${this.#url}/health`);
    return Health.parse(await answer.json()).shards > 0;
  }

  async countKills(): Promise<number> {
    this.#token ??= await this.#logIn();
    const answer = await fetch(`${this.#url}/api/events/statistics?types=combat.killed`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    return Statistics.parse(await answer.json()).total;
  }

  async #logIn(): Promise<string> {
    const answer = await fetch(`${this.#url}/api/auth/guest`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    return Login.parse(await answer.json()).accessToken;
  }
}

// The bus on Redis: pub/sub for what may be lost, a stream with consumer groups per topic for what
// must arrive, a hash with a list of ends for presence.
import type { LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import { nameRedis, openRedis, type RedisClient } from "#shared/infra/redis/redis-client.ts";
import type { Clock } from "#shared/time/clock.ts";
import { BrokerBus } from "./broker-bus.ts";
import {
  type BrokerConnection,
  RETENTION,
  type Reader,
  type ReaderOptions,
  type Retention,
  STREAM,
} from "./broker-connection.ts";
import { TOPIC_REGION } from "./bus.ts";
import type { PresenceSet } from "./presence.ts";
import { RedisReader } from "./redis-reader.ts";
import { LIST_PRESENCE, PUT_PRESENCE, SEND } from "./redis-scripts.ts";

export interface RedisBusOptions {
  /** redis:// or rediss://, with user, password and the number of a database where there are. */
  readonly url: string;
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings> | undefined;
  /** Buses of other names in the same database have nothing to do with this one. */
  readonly stream?: string | undefined;
  readonly retention?: Partial<Retention> | undefined;
}

/** Entries put by one script, whose number of parameters is bounded. */
const PRESENCE_BATCH = 1_000;
const SENDER_BYTES = 16;

/** Connects, and stays connected for as long as it lives. */
export class RedisBus extends BrokerBus {
  constructor(options: RedisBusOptions) {
    const { url, source, clock, log, timings, stream = STREAM } = options;
    const retention = { ...RETENTION, ...options.retention };
    // Other processes may go by the same source; this is one process's own.
    const sender = crypto.getRandomValues(Buffer.alloc(SENDER_BYTES));
    super({
      ...{ kind: "redis", name: nameRedis(url), source, clock, log, timings },
      open: (deliver) =>
        RedisConnection.open({ url, stream, sender, retention, clock, log, deliver }),
    });
  }
}

interface ConnectionOptions {
  readonly url: string;
  readonly stream: string;
  readonly sender: Buffer;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly log: Log;
  readonly deliver: (bytes: Uint8Array) => void;
}

class RedisConnection implements BrokerConnection {
  readonly #options: ConnectionOptions;
  readonly #commands: RedisClient;
  readonly #subscriber: RedisClient;
  readonly #subscribed = new Map<string, Promise<void>>();
  readonly #readers = new Set<RedisReader>();
  readonly #prefix: string;
  readonly closed: Promise<string>;

  private constructor(options: ConnectionOptions, commands: RedisClient, subscriber: RedisClient) {
    this.#options = options;
    this.#commands = commands;
    this.#subscriber = subscriber;
    // Channels, unlike keys, are not of one database.
    const database = new URL(options.url).pathname.slice(1);
    const named = [database, options.stream].filter((name) => !["", "0", STREAM].includes(name));
    this.#prefix = ["tessera", ...named, ""].join(":");
    this.closed = Promise.race([commands.closed, subscriber.closed]);
  }

  static async open(options: ConnectionOptions): Promise<RedisConnection> {
    const commands = await openRedis(options.url);
    try {
      await warnOfForgetting(commands, options.log);
      return new RedisConnection(options, commands, await openRedis(options.url));
    } catch (error) {
      await commands.close();
      throw error;
    }
  }

  async ping(): Promise<void> {
    await Promise.all([this.#commands.ping(), this.#subscriber.ping()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#subscriber.close()]);
    for (const reader of this.#readers) await reader.close();
  }

  subscribe(topic: string): Promise<void> {
    const known = this.#subscribed.get(topic);
    if (known !== undefined) return known;
    const { sender, deliver } = this.#options;
    const subscribing = this.#subscriber.subscribe(`${this.#prefix}topic:${topic}`, (bytes) => {
      if (bytes.length < SENDER_BYTES) return;
      if (!sender.equals(bytes.subarray(0, SENDER_BYTES))) deliver(bytes.subarray(SENDER_BYTES));
    });
    this.#subscribed.set(topic, subscribing);
    return subscribing;
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    const { sender } = this.#options;
    const framed = Buffer.concat([sender, bytes]);
    await this.#commands.call("PUBLISH", `${this.#prefix}topic:${topic}`, framed);
  }

  async send(topic: string, bytes: Uint8Array, id: string): Promise<void> {
    const { deduplicateMs, lengthMax, ...ages } = this.#options.retention;
    const ageMs = topic.startsWith(TOPIC_REGION) ? ages.batchAgeMs : ages.ageMs;
    await this.#commands.call(
      ...["EVAL", SEND, "2", this.#streamOf(topic), `${this.#prefix}seen:{${topic}}:${id}`],
      ...[Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)],
      ...[String(deduplicateMs), String(lengthMax), String(ageMs)],
    );
  }

  async openReader({ topic, name, from }: ReaderOptions): Promise<Reader> {
    const { url, sender, clock, retention } = this.#options;
    const reader = await RedisReader.open({
      ...{ url, clock, staleMs: retention.staleMs, ageMs: retention.ageMs },
      acknowledging: this.#commands,
      ...{ stream: this.#streamOf(topic), group: name, from },
      member: sender.toString("hex"),
      closed: () => this.#readers.delete(reader),
    });
    this.#readers.add(reader);
    return reader;
  }

  async putPresence(set: PresenceSet, entries: ReadonlyMap<string, string>): Promise<void> {
    const all = [...entries];
    for (let at = 0; at < all.length; at += PRESENCE_BATCH) {
      const batch = all.slice(at, at + PRESENCE_BATCH).flat();
      await this.#script(PUT_PRESENCE, set, String(set.ttlMs), ...batch);
    }
  }

  async removePresence(set: PresenceSet, keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += PRESENCE_BATCH) {
      const batch = keys.slice(at, at + PRESENCE_BATCH);
      const [values, ends] = this.#presenceKeys(set);
      await this.#commands.call("HDEL", values, ...batch);
      await this.#commands.call("ZREM", ends, ...batch);
    }
  }

  async listPresence(set: PresenceSet): Promise<ReadonlyMap<string, string>> {
    const reply = await this.#script(LIST_PRESENCE, set);
    const texts = Array.isArray(reply) ? reply.map(String) : [];
    const entries = new Map<string, string>();
    for (let at = 0; at + 1 < texts.length; at += 2) {
      entries.set(texts[at] ?? "", texts[at + 1] ?? "");
    }
    return entries;
  }

  #script(script: string, set: PresenceSet, ...values: string[]) {
    return this.#commands.call("EVAL", script, "2", ...this.#presenceKeys(set), ...values);
  }

  #presenceKeys({ name }: PresenceSet): [string, string] {
    return [`${this.#prefix}presence:{${name}}`, `${this.#prefix}presence-ends:{${name}}`];
  }

  #streamOf(topic: string): string {
    return `${this.#prefix}stream:{${topic}}`;
  }
}

/** What must arrive is only as safe as the broker's disk. */
async function warnOfForgetting(redis: RedisClient, log: Log): Promise<void> {
  const reply = await redis.call("CONFIG", "GET", "append*").catch(() => null);
  if (!Array.isArray(reply)) return; // A hosted Redis does not tell.
  const texts = reply.map(String);
  if (texts[texts.indexOf("appendonly") + 1] !== "no") return;
  log.warning(
    "this Redis forgets what it holds when it dies, so messages that must arrive may not; set " +
      "appendonly yes and appendfsync always",
  );
}

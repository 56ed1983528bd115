import { openRedis, type RedisClient, type RedisReply } from "#shared/infra/redis/redis-client.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type Entry, READ_WAIT_MS, type Reader } from "./broker-connection.ts";
import { FORGET_MEMBERS } from "./redis-scripts.ts";

export interface RedisReaderOptions {
  readonly url: string;
  readonly stream: string;
  readonly group: string;
  /** This process among those who share the group. */
  readonly member: string;
  readonly from: "start" | "now";
  readonly staleMs: number;
  /** Members that were silent for longer are forgotten: a process that ended never comes back. */
  readonly ageMs: number;
  readonly clock: Clock;
  /** A connection that does not wait. */
  readonly acknowledging: RedisClient;
  readonly closed: () => void;
}

/** A member of a stream's consumer group, on a connection of its own: reading blocks it. */
export class RedisReader implements Reader {
  readonly #options: RedisReaderOptions;
  readonly #redis: RedisClient;
  /** Its own messages of before a connection was lost are read first, from this one on. */
  #ownFrom: string | undefined = "0";
  #claimedMs: number;

  private constructor(options: RedisReaderOptions, redis: RedisClient) {
    this.#options = options;
    this.#redis = redis;
    this.#claimedMs = Number.NEGATIVE_INFINITY;
  }

  static async open(options: RedisReaderOptions): Promise<RedisReader> {
    const reader = new RedisReader(options, await openRedis(options.url));
    try {
      await reader.#makeGroup(options.from === "start" ? "0" : "$");
      await reader.#forgetMembers();
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async next(max: number): Promise<readonly Entry[]> {
    try {
      return (
        (await this.#nextOwn(max)) ?? (await this.#nextStale(max)) ?? (await this.#nextNew(max))
      );
    } catch (error) {
      if (!/NOGROUP|UNBLOCKED/.test(String(error))) throw error;
      // The stream was wiped with its groups: all that is in it now came since.
      await this.#makeGroup("0");
      return [];
    }
  }

  async acknowledge(entries: readonly Entry[]): Promise<void> {
    const { stream, group, acknowledging } = this.#options;
    await acknowledging.call("XACK", stream, group, ...entries.map(({ token }) => String(token)));
  }

  async keep(entries: readonly Entry[]): Promise<void> {
    const { stream, group, member, acknowledging } = this.#options;
    const ids = entries.map(({ token }) => String(token));
    await acknowledging.call("XCLAIM", stream, group, member, "0", ...ids, "JUSTID");
  }

  async close(): Promise<void> {
    await this.#redis.close();
    this.#options.closed();
  }

  async #nextOwn(max: number): Promise<Entry[] | undefined> {
    if (this.#ownFrom === undefined) return undefined;
    const entries = await this.#read(max, this.#ownFrom);
    this.#ownFrom = entries.length === 0 ? undefined : String(entries.at(-1)?.token);
    return entries.length === 0 ? undefined : entries;
  }

  /** Of members that do not acknowledge any more; looked for now and then. */
  async #nextStale(max: number): Promise<Entry[] | undefined> {
    const { stream, group, member, staleMs, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#claimedMs < staleMs / 3) return undefined;
    const reply = await this.#redis.call(
      ...["XAUTOCLAIM", stream, group, member, String(staleMs), "0", "COUNT", String(max)],
    );
    const entries = toEntries(at(reply, 1), true);
    // As long as there are some, there may be more.
    if (entries.length > 0) return entries;
    this.#claimedMs = nowMs;
    return undefined;
  }

  #nextNew(max: number): Promise<Entry[]> {
    return this.#read(max, ">", "BLOCK", String(READ_WAIT_MS));
  }

  async #read(max: number, from: string, ...waiting: string[]): Promise<Entry[]> {
    const { stream, group, member } = this.#options;
    const reply = await this.#redis.call(
      ...["XREADGROUP", "GROUP", group, member, "COUNT", String(max), ...waiting],
      ...["STREAMS", stream, from],
    );
    return toEntries(at(at(reply, 0), 1), from !== ">");
  }

  async #forgetMembers(): Promise<void> {
    const { stream, group, ageMs } = this.#options;
    const command = ["EVAL", FORGET_MEMBERS, "1", stream, group, String(ageMs)];
    // A user who may not look at members can read all the same.
    await this.#redis.call(...command).catch(() => undefined);
  }

  async #makeGroup(from: "0" | "$"): Promise<void> {
    const { stream, group } = this.#options;
    try {
      await this.#redis.call("XGROUP", "CREATE", stream, group, from, "MKSTREAM");
    } catch (error) {
      if (!/BUSYGROUP/.test(String(error))) throw error;
    }
  }
}

function at(reply: RedisReply | undefined, index: number): RedisReply | undefined {
  return Array.isArray(reply) ? reply[index] : undefined;
}

/** Of `[id, [field, value]]`; the fields are null when the message was trimmed away. */
function toEntries(reply: RedisReply | undefined, redelivered: boolean): Entry[] {
  if (!Array.isArray(reply)) return [];
  return reply.map((one) => {
    const value = at(at(one, 1), 1);
    const bytes = Buffer.isBuffer(value) ? value : undefined;
    return { bytes, redelivered, token: String(at(one, 0)) };
  });
}

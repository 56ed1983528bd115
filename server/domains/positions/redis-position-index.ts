// Positions in Redis' geographic index, so that all servers find the same. Each server hears all
// that shards tell; for each shard one of them writes, and another takes over when it is gone for
// three seconds. While Redis is away each server goes by what it has heard itself.
import { BrokerLink, type LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import { nameRedis, openRedis, type RedisClient } from "#shared/infra/redis/redis-client.ts";
import { PlayerId, type ShardKey } from "#shared/model/ids.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { fromGeo, toGeo, toMetres } from "./geo-frame.ts";
import { MemoryPositionIndex } from "./memory-position-index.ts";
import {
  type Circle,
  distanceOf,
  type NearPosition,
  POSITION_MS_MAX,
  type Position,
  type PositionIndex,
  type ShardPositions,
} from "./position-index.ts";

/** Positions written at once: when so many wait, or the first has waited so long. */
const WRITES_MAX = 100;
const WRITE_MS = 100;
/** Positions that wait; the one that waited longest is dropped and counted. */
const WAITING_MAX = 50_000;
/** A server writes a shard's positions for so long after it last did. */
const WRITER_MS = 3_000;
/** Who is not the writer looks again after so long. */
const IDLE_MS = 1_000;
const CALL_MS = 500;

/**
 * KEYS: index, ends, writer. ARGV: who writes, how long its turn is, a position's life, then
 * longitude, latitude and player, again and again. Gives 0 when it is another's turn.
 */
const PUT = `
local writer = redis.call('GET', KEYS[3])
if writer and writer ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, player in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 200)) do
  redis.call('ZREM', KEYS[1], player)
  redis.call('ZREM', KEYS[2], player)
end
for i = 4, #ARGV, 3 do
  redis.call('GEOADD', KEYS[1], ARGV[i], ARGV[i + 1], ARGV[i + 2])
  redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[i + 2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`;

export interface RedisPositionIndexOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings>;
}

interface Waiting extends Position {
  readonly side: number;
}

export class RedisPositionIndex implements PositionIndex {
  readonly #clock: Clock;
  readonly #memory: MemoryPositionIndex;
  readonly #link: BrokerLink<RedisClient>;
  /** Of each shard: players whose position is to be written. */
  readonly #waiting = new Map<ShardKey, Map<PlayerId, Waiting>>();
  readonly #idleUntilMs = new Map<ShardKey, number>();
  readonly #name = crypto.randomUUID();
  #cancel: CancelTimer | undefined;
  #writing: Promise<void> | undefined;
  #count = 0;
  readonly figures = { writes: 0, written: 0, dropped: 0 };

  constructor({ url, clock, log, timings }: RedisPositionIndexOptions) {
    this.#clock = clock;
    this.#memory = new MemoryPositionIndex(clock);
    this.#link = new BrokerLink({
      name: `${nameRedis(url)}, in which positions are kept`,
      open: () => openRedis(url),
      ...{ clock, log },
      timings: { callMs: CALL_MS, ...timings },
    });
  }

  /** Whether positions are found in Redis at this moment. */
  get isShared(): boolean {
    return this.#link.current !== undefined;
  }

  /** Positions that wait to be written. */
  get waiting(): number {
    return this.#count;
  }

  put(told: ShardPositions): void {
    this.#memory.put(told);
    const { shardKey, side, positions } = told;
    if ((this.#idleUntilMs.get(shardKey) ?? 0) > this.#clock.monotonicMs()) return;
    const waiting = this.#waiting.get(shardKey) ?? new Map<PlayerId, Waiting>();
    this.#waiting.set(shardKey, waiting);
    for (const position of positions) {
      if (!waiting.has(position.playerId)) this.#makeRoom();
      waiting.set(position.playerId, { ...position, side });
    }
    this.#plan();
  }

  async near(shardKey: ShardKey, side: number, circle: Circle): Promise<NearPosition[]> {
    if (this.#link.current === undefined) return this.#memory.near(shardKey, side, circle);
    try {
      return await this.#link.call((redis) => findIn(redis, { shardKey, side }, circle));
    } catch {
      return this.#memory.near(shardKey, side, circle); // The link says that Redis is away.
    }
  }

  async close(): Promise<void> {
    this.#cancel?.();
    await this.#writing;
    await this.#link.close();
    await this.#memory.close();
  }

  #makeRoom(): void {
    this.#count += 1;
    if (this.#count <= WAITING_MAX) return;
    for (const waiting of this.#waiting.values()) {
      const [oldest] = waiting.keys();
      if (oldest === undefined) continue;
      waiting.delete(oldest);
      this.#count -= 1;
      this.figures.dropped += 1;
      return;
    }
  }

  #plan(): void {
    if (this.#count === 0 || this.#writing !== undefined) return;
    if (this.#count >= WRITES_MAX) {
      this.#cancel?.();
      this.#cancel = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        this.#plan();
      });
      return;
    }
    this.#cancel ??= this.#clock.schedule(WRITE_MS, () => {
      this.#cancel = undefined;
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
        this.#plan();
      });
    });
  }

  /** All that waits, in batches. */
  async #write(): Promise<void> {
    for (const [shardKey, waiting] of [...this.#waiting]) {
      this.#waiting.delete(shardKey);
      this.#count -= waiting.size;
      const all = [...waiting.values()];
      for (let at = 0; at < all.length; at += WRITES_MAX) {
        const batch = all.slice(at, at + WRITES_MAX);
        if (this.#link.current === undefined || !(await this.#writeBatch(shardKey, batch))) break;
      }
    }
  }

  /** Whether the next batch of the shard is worth sending. What fails is told anew soon. */
  async #writeBatch(shardKey: ShardKey, batch: readonly Waiting[]): Promise<boolean> {
    try {
      this.figures.writes += 1;
      const isMine = await this.#link.call((redis) =>
        putIn(redis, { shardKey, writer: this.#name }, batch),
      );
      if (!isMine) this.#idleUntilMs.set(shardKey, this.#clock.monotonicMs() + IDLE_MS);
      else this.figures.written += batch.length;
      return isMine;
    } catch {
      this.figures.dropped += batch.length;
      return false; // The link says that Redis is away.
    }
  }
}

/** False when another writer has the shard's places. */
async function putIn(
  redis: RedisClient,
  { shardKey, writer }: { shardKey: ShardKey; writer: string },
  batch: readonly Waiting[],
): Promise<boolean> {
  const places = batch.flatMap(({ playerId, side, ...position }) => {
    const { longitude, latitude } = toGeo(position, side);
    return [longitude.toFixed(9), latitude.toFixed(9), playerId];
  });
  const keys = [keyOf(shardKey, "index"), keyOf(shardKey, "ends"), keyOf(shardKey, "writer")];
  const given = [writer, String(WRITER_MS), String(POSITION_MS_MAX)];
  const reply = await redis.call("EVAL", PUT, "3", ...keys, ...given, ...places);
  return reply === 1;
}

async function findIn(
  redis: RedisClient,
  { shardKey, side }: { shardKey: ShardKey; side: number },
  circle: Circle,
): Promise<NearPosition[]> {
  const { longitude, latitude } = toGeo(circle, side);
  const reply = await redis.call(
    ...["GEOSEARCH", keyOf(shardKey, "index"), "FROMLONLAT"],
    ...[longitude.toFixed(9), latitude.toFixed(9)],
    ...["BYRADIUS", toMetres(circle.radius, side).toFixed(3), "m", "ASC"],
    ...["COUNT", String(circle.limit), "WITHCOORD"],
  );
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((found) => readFound(found, side, circle));
}

function keyOf(shardKey: ShardKey, what: "index" | "ends" | "writer"): string {
  return `tessera:positions:{${shardKey}}:${what}`;
}

/** `[member, [longitude, latitude]]` */
function readFound(reply: unknown, side: number, circle: Circle): NearPosition[] {
  if (!Array.isArray(reply) || !Array.isArray(reply[1])) return [];
  const playerId = PlayerId.safeParse(String(reply[0]));
  if (!playerId.success) return [];
  const [longitude = 0, latitude = 0] = reply[1].map((value) => Number(String(value)));
  const { x, y } = fromGeo({ longitude, latitude }, side);
  const distance = distanceOf({ x, y }, circle);
  return [{ playerId: playerId.data, x, y, distance }];
}

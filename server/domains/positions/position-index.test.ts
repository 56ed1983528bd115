// One suite for both indexes, the one in Redis against a real one.
import { describe, expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { PlayerId, ShardKey } from "#shared/model/ids.ts";
import { createRandom } from "#shared/sim/index.ts";
import { startRedis } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { fromGeo, GEO_ERROR, toGeo, toMetres } from "./geo-frame.ts";
import { MemoryPositionIndex } from "./memory-position-index.ts";
import { distanceOf, type Position, type PositionIndex } from "./position-index.ts";
import { RedisPositionIndex } from "./redis-position-index.ts";

const SHARD = ShardKey.parse("blocks:1:eu-west-1");
const OTHER = ShardKey.parse("blocks:2:eu-west-1");
const SIDE = 4_096;
const TIMINGS = { callMs: 300, pingEveryMs: 50, retryMsMin: 10, retryMsMax: 50 };
const log = createLog({ process: "test", write: () => undefined });

const idOf = (number: number) =>
  PlayerId.parse(`0190a000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`);

interface House extends AsyncDisposable {
  readonly index: PositionIndex;
}

const kinds: Record<string, () => Promise<House>> = {
  async memory() {
    const index = new MemoryPositionIndex(systemClock);
    return { index, [Symbol.asyncDispose]: () => index.close() };
  },
  async redis() {
    const redis = await startRedis();
    const index = createIndex(redis.url);
    await until("Redis", () => index.isShared);
    return {
      index,
      async [Symbol.asyncDispose]() {
        // Otherwise it was memory that answered.
        expect(index.isShared).toBe(true);
        await index.close();
        await redis[Symbol.asyncDispose]();
      },
    };
  },
};

function createIndex(url: string): RedisPositionIndex {
  return new RedisPositionIndex({ url, clock: systemClock, log, timings: TIMINGS });
}

function scatter(count: number, seed = 7): Position[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => ({
    playerId: idOf(number),
    x: random.below(SIDE * 16) / 16,
    y: random.below(SIDE * 16) / 16,
  }));
}

describe.each(Object.keys(kinds))("in %s", (kind) => {
  const open = () => kinds[kind]?.() ?? Promise.reject(new Error("no such kind"));

  test("who is near is found, the nearest first, as a look at everybody finds them", async () => {
    await using house = await open();
    const { index } = house;
    const all = scatter(2_000);
    index.put({ shardKey: SHARD, side: SIDE, positions: all });
    const everywhere = { x: SIDE / 2, y: SIDE / 2, radius: SIDE, limit: 5_000 };
    await until("all", async () => (await index.near(SHARD, SIDE, everywhere)).length === 2_000);
    const bound = 2 * GEO_ERROR * SIDE;
    for (const centre of scatter(50, 9)) {
      const circle = { x: centre.x, y: centre.y, radius: 200, limit: 1_000 };
      const found = await index.near(SHARD, SIDE, circle);
      const ids = new Set(found.map(({ playerId }) => playerId));
      for (const { playerId, ...at } of all) {
        const distance = distanceOf(at, circle);
        if (distance <= 200) expect(ids.has(playerId)).toBe(true);
        else if (distance > 200 * 1.001 + 2 * bound) expect(ids.has(playerId)).toBe(false);
      }
      for (const [rank, { playerId, x, y, distance }] of found.entries()) {
        const real = all.find((one) => one.playerId === playerId) ?? { x: 0, y: 0 };
        expect(Math.abs(real.x - x)).toBeLessThanOrEqual(bound);
        expect(Math.abs(real.y - y)).toBeLessThanOrEqual(bound);
        const before = found[rank - 1]?.distance ?? 0;
        expect(distance).toBeGreaterThanOrEqual(before * 0.999 - 2 * bound);
      }
      const few = await index.near(SHARD, SIDE, { ...circle, limit: 3 });
      expect(few).toHaveLength(Math.min(3, found.length));
    }
    expect(await index.near(OTHER, SIDE, everywhere)).toEqual([]);
  });

  test("who moves is found where it is, and nowhere else; corners are places", async () => {
    await using house = await open();
    const { index } = house;
    const [ann, bob] = [idOf(1), idOf(2)];
    const put = (positions: Position[]) => index.put({ shardKey: SHARD, side: SIDE, positions });
    const at = async (x: number, y: number) =>
      (await index.near(SHARD, SIDE, { x, y, radius: 5, limit: 10 })).map((one) => one.playerId);
    put([
      { playerId: ann, x: 0, y: 0 },
      { playerId: bob, x: SIDE, y: SIDE },
    ]);
    await until("both", async () => (await at(0, 0)).length + (await at(SIDE, SIDE)).length === 2);
    expect(await at(0, 0)).toEqual([ann]);
    expect(await at(SIDE, SIDE)).toEqual([bob]);
    // A world that is mirrored at its diagonal would have them here.
    put([{ playerId: ann, x: 100, y: 3_000 }]);
    await until("ann there", async () => (await at(100, 3_000)).length === 1);
    expect(await at(3_000, 100)).toEqual([]);
    expect(await at(0, 0)).toEqual([]);
  });
});

test("fault 12: both coordinates are of the ground, in worlds of any size", () => {
  for (const side of [100, 2_048, 32_768, 1_000_000]) {
    for (const { x, y } of scatter(500).map((one) => ({
      x: (one.x / SIDE) * side,
      y: (one.y / SIDE) * side,
    }))) {
      const point = toGeo({ x, y }, side);
      expect(Math.abs(point.longitude)).toBeLessThanOrEqual(1);
      expect(Math.abs(point.latitude)).toBeLessThanOrEqual(1);
      const back = fromGeo(point, side);
      expect(Math.abs(back.x - x)).toBeLessThan(side * 1e-9);
      expect(Math.abs(back.y - y)).toBeLessThan(side * 1e-9);
    }
  }
  expect(toGeo({ x: 10, y: 20 }, 100)).not.toEqual(toGeo({ x: 10, y: 21 }, 100));
  expect(toGeo({ x: 10, y: 20 }, 100)).not.toEqual(toGeo({ x: 11, y: 20 }, 100));
  expect(toGeo({ x: -5, y: 1e12 }, 100)).toEqual({ longitude: -1, latitude: 1 });
  expect(GEO_ERROR * 32_768).toBeLessThan(0.05);
  expect(toMetres(1, 100)).toBeGreaterThan(2_220);
});

test("ten thousand positions are written a hundred at a time", async () => {
  await using redis = await startRedis();
  const index = createIndex(redis.url);
  await until("Redis", () => index.isShared);
  index.put({ shardKey: SHARD, side: SIDE, positions: scatter(10_000) });
  await until("all written", () => index.figures.written === 10_000);
  expect(index.figures).toEqual({ writes: 100, written: 10_000, dropped: 0 });
  expect(index.waiting).toBe(0);
  await index.close();
});

test("of two servers one writes, both find; the other takes over when it is gone", async () => {
  await using redis = await startRedis();
  const [one, two] = [createIndex(redis.url), createIndex(redis.url)];
  await until("Redis", () => one.isShared && two.isShared);
  const told = { shardKey: SHARD, side: SIDE, positions: scatter(50) };
  one.put(told);
  await until("the writer", () => one.figures.written === 50);
  two.put(told);
  await until("the other to see it", () => two.figures.writes === 1);
  expect(two.figures.written).toBe(0);
  const circle = { x: SIDE / 2, y: SIDE / 2, radius: SIDE, limit: 100 };
  expect(await two.near(SHARD, SIDE, circle)).toHaveLength(50);
  await one.close();
  await until("two to write", () => {
    two.put(told);
    return two.figures.written >= 50;
  });
  await two.close();
});

test("while Redis is away a server goes by what it hears; then by Redis again", async () => {
  await using redis = await startRedis();
  const index = createIndex(redis.url);
  await until("Redis", () => index.isShared);
  await redis.service.kill();
  await until("it to be missed", () => !index.isShared);
  const told = { shardKey: SHARD, side: SIDE, positions: scatter(30) };
  index.put(told);
  const circle = { x: SIDE / 2, y: SIDE / 2, radius: SIDE, limit: 100 };
  expect(await index.near(SHARD, SIDE, circle)).toHaveLength(30);
  await redis.service.restart();
  await until("all in Redis", async () => {
    index.put(told);
    return index.isShared && (await index.near(SHARD, SIDE, circle)).length === 30;
  });
  await index.close();
});

import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import type { BusPayload } from "#shared/infra/bus/bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createCacheMetrics, HotCache } from "./hot-cache.ts";

/** Servers that share a database and a bus, which may lose what is published. */
function createScene(servers = 1) {
  const clock = new FakeClock();
  const rows = new Map<string, string>();
  const figures = { reads: 0, writes: [] as number[], isAway: false, isDeaf: false };
  const handlers: ((message: BusMessage) => void)[] = [];
  const caches = Array.from({ length: servers }, (_, number) => {
    const lines: string[] = [];
    const metrics = createMetrics({ process: "test", clock });
    const cache = new HotCache<string>({
      name: "things",
      clock,
      log: createLog({ process: "test", write: (line) => void lines.push(line) }),
      metrics: createCacheMetrics(metrics),
      bus: {
        subscribe(_topic, handler) {
          handlers[number] = handler;
          return () => undefined;
        },
        publish(topic: string, payload: BusPayload) {
          const message = create(BusMessageSchema, { topic, payload });
          for (const [other, handler] of handlers.entries()) {
            if (other !== number && !figures.isDeaf) handler(message);
          }
        },
      },
      async read(keys) {
        figures.reads += 1;
        if (figures.isAway) throw new Error("away");
        return new Map(keys.flatMap((key) => [...rows].filter(([id]) => id === key)));
      },
      async write(items) {
        if (figures.isAway) throw new Error("away");
        figures.writes.push(items.size);
        for (const [key, value] of items) rows.set(key, value);
      },
    });
    return { cache, lines, render: () => metrics.render() };
  });
  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await new Promise(setImmediate);
  }
  const [first = Promise.reject, second] = caches;
  if (typeof first === "function") throw new Error("cannot test: there is no server");
  return { clock, rows, figures, pass, ...first, other: second?.cache ?? first.cache };
}

test("what is read is at hand for 30 s, that there is none included", async () => {
  const { cache, rows, figures, pass, render } = createScene();
  rows.set("a", "1");
  expect(await cache.getMany(["a", "b"])).toEqual(new Map([["a", "1"]]));
  rows.set("a", "2").set("b", "3");
  await pass(29_999);
  expect(await cache.getMany(["a", "b"])).toEqual(new Map([["a", "1"]]));
  expect(figures.reads).toBe(1);
  await pass(1);
  expect(await cache.get("a")).toBe("2");
  expect(await cache.get("b")).toBe("3");
  expect(figures.reads).toBe(3);
  const text = await render();
  expect(text).toContain('tessera_cache_hits_total{cache="things",process="test"} 2');
  expect(text).toContain('tessera_cache_misses_total{cache="things",process="test"} 4');
});

test("what is put is at hand at once, and in the database after 5 s", async () => {
  const { cache, rows, pass, figures, render } = createScene();
  cache.put("a", "1");
  await pass(3_000);
  cache.put("a", "2");
  cache.put("b", "1");
  expect(await cache.get("a")).toBe("2");
  expect(rows.size).toBe(0);
  expect(await render()).toContain("tessera_cache_pending_writes");
  await pass(2_000);
  expect(rows).toEqual(
    new Map([
      ["a", "2"],
      ["b", "1"],
    ]),
  );
  expect(figures.writes).toEqual([2]);
  expect(cache.pending).toBe(0);
  expect(await cache.get("a")).toBe("2");
  expect(figures.reads).toBe(0);
});

test("a hundred are written at once, a hundred at a time", async () => {
  const { cache, rows, pass, figures } = createScene();
  for (let number = 0; number < 250; number++) cache.put(`${number}`, "x");
  for (let turn = 0; turn < 3; turn++) await pass(0);
  expect(figures.writes).toEqual([100, 100, 50]);
  expect(rows.size).toBe(250);
});

test("a database that is away is written to when it is back; nothing is lost", async () => {
  const { cache, rows, pass, figures } = createScene();
  figures.isAway = true;
  cache.put("a", "1");
  await pass(5_000);
  cache.put("a", "2");
  await pass(1_000);
  expect(await cache.get("a")).toBe("2");
  await expect(cache.get("b")).rejects.toThrow("away");
  figures.isAway = false;
  await pass(1_000);
  expect(rows.get("a")).toBe("2");
});

test("an ordered stop writes all that waits, or says how much is lost", async () => {
  const { cache, rows, figures } = createScene();
  for (let number = 0; number < 130; number++) cache.put(`${number}`, "x");
  await cache.close();
  expect(rows.size).toBe(130);

  const away = createScene();
  away.figures.isAway = true;
  away.cache.put("a", "1");
  await away.cache.close();
  expect(away.lines.join()).toContain("what was put into a cache is lost");
  expect(figures.writes).toEqual([100, 30]);
});

test("what one server writes the other reads anew; at the latest after 30 s", async () => {
  const { cache, other, rows, pass, figures } = createScene(2);
  rows.set("a", "1");
  expect(await other.get("a")).toBe("1");
  cache.put("a", "2");
  await pass(5_000);
  expect(await other.get("a")).toBe("2");
  figures.isDeaf = true;
  cache.put("a", "3");
  await pass(5_000);
  expect(await other.get("a")).toBe("2");
  await pass(25_000);
  expect(await other.get("a")).toBe("3");
});

test("what was read while it changed is not kept", async () => {
  const { cache, other, rows, figures } = createScene(2);
  rows.set("a", "1");
  const reading = cache.get("a");
  rows.set("a", "2");
  other.invalidate(["a"]);
  await reading;
  expect(await cache.get("a")).toBe("2");
  expect(figures.reads).toBe(2);
});

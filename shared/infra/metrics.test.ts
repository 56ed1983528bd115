import { expect, test } from "bun:test";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createMetrics } from "./metrics.ts";

test("renders the families of the process with the labels of the process", async () => {
  const clock = new FakeClock();
  const metrics = createMetrics({ process: "shard", labels: { region: "eu" }, clock });
  clock.advance(2_000);
  const text = await metrics.render();
  expect(text).toContain('tessera_process_uptime_seconds{process="shard",region="eu"} 2\n');
  expect(text).toMatch(/tessera_process_resident_memory_bytes\{[^}]*\} [1-9]\d{6,}\n/);
  expect(text).toMatch(/tessera_process_heap_bytes\{[^}]*\} [1-9]\d{4,}\n/);
  expect(text).toMatch(/tessera_process_cpu_seconds_total\{mode="user",[^}]*\} \d/);
  expect(text).toMatch(/tessera_event_loop_lag_seconds_count\{[^}]*\} 100\n/);
  expect(metrics.contentType).toStartWith("text/plain");
  metrics.close();
  expect(clock.pending).toBe(0);
});

test("processor time is read anew, not added up, at each rendering", async () => {
  const metrics = createMetrics({ process: "shard", clock: new FakeClock() });
  const read = async () =>
    Number(/cpu_seconds_total\{mode="user"[^}]*\} ([\d.]+)/.exec(await metrics.render())?.[1]);
  const first = await read();
  const second = await read();
  const actual = process.cpuUsage().user / 1e6;
  expect(first).toBeGreaterThan(0);
  expect(second).toBeGreaterThanOrEqual(first);
  expect(second).toBeLessThanOrEqual(actual);
  metrics.close();
});

test("own counters, gauges and histograms appear with their labels", async () => {
  const metrics = createMetrics({ process: "server", clock: new FakeClock() });
  metrics.counter("tessera_closes_total", "Closed sockets.", ["code"]).inc({ code: "1008" }, 2);
  metrics.gauge("tessera_players", "Players online.").set(5);
  metrics.gaugeOf("tessera_queue_length", "Waiting.", () => 9);
  metrics.histogram("tessera_tick_seconds", "A tick.", { buckets: [0.01, 0.1] }).observe(0.05);
  const text = await metrics.render();
  expect(text).toContain('tessera_closes_total{code="1008",process="server"} 2');
  expect(text).toContain('tessera_players{process="server"} 5');
  expect(text).toContain('tessera_queue_length{process="server"} 9');
  expect(text).toContain('tessera_tick_seconds_bucket{le="0.1",process="server"} 1');
  metrics.close();
});

test("a name outside the family is refused", () => {
  const metrics = createMetrics({ process: "server", clock: new FakeClock() });
  expect(() => metrics.gauge("players", "x")).toThrow("cannot add metric players: names are");
  metrics.close();
});

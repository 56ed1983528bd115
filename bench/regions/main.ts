// A region as a process of its own, with a world that has nothing but its cells: for measuring what
// goes between regions, and for cutting it. Its parent tells it what to do.

import { openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { mixBits } from "#shared/sim/kernel/math.ts";
import { type Clock, systemClock } from "#shared/time/clock.ts";
import { HybridClock } from "#shared/time/hybrid-clock.ts";
import { RegionNames } from "#shared/time/region-names.ts";
import { deriveRegionKeys } from "../../shards/region/sync/region-keys.ts";
import { RegionSync } from "../../shards/region/sync/region-sync.ts";
import { addSyncMetrics } from "../../shards/region/sync/sync-metrics.ts";
import { BareMirror } from "../../shards/region/sync/testing/bare-mirror.ts";
import { RegionOrder, RegionPlan, type RegionState } from "./orders.ts";

const WORLD = "blocks:1";
const DAY_MS = 86_400_000;
/** Blocks on a side of where a load writes, and how many kinds. */
const LOAD_SIDE = 1_000;
const LOAD_KINDS = 16;

const plan = RegionPlan.parse(JSON.parse(process.argv[2] ?? ""));
const wrong = { ms: 0, driftMs: 0, sinceMs: 0 };
const clock: Clock = {
  monotonicMs: systemClock.monotonicMs,
  schedule: systemClock.schedule,
  wallMs: () => {
    const drifted = (systemClock.monotonicMs() - wrong.sinceMs) * (wrong.driftMs / 1_000);
    return systemClock.wallMs() + wrong.ms + drifted;
  },
};
const { region } = plan;
const log = createLog({ process: region, level: "warning" });
const source = `${WORLD}:${region}`;
const bus = await openBrokerBus({ address: plan.bus, source, clock: systemClock, log });
const regions = new RegionNames();
const hybrid = new HybridClock(clock);
const mirror = new BareMirror({ region, regions, hybrid });
const { batchCount, flushMs, compression } = plan;
const sync = new RegionSync({
  ...{ region, regions, mirror, hybrid, clock, log, link: bus, world: WORLD },
  incarnation: Math.trunc(clock.wallMs()),
  settings: {
    ...{ batchCount, flushMs, compression, batchBytes: 256 * 1024 },
    ...{ retentionMs: DAY_MS, cellsAtOnce: 20_000 },
  },
  keys: deriveRegionKeys(plan.secret, plan.regions),
});
addSyncMetrics({ metrics: createMetrics({ process: region, clock }), sync, mirror, clock });
const load = { perTick: 0, waitingMax: 0, next: 0 };

sync.start();
tick();
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => obey(RegionOrder.parse(message)));
process.send?.({ ready: true });

function tick(): void {
  if (sync.sender.changes.length < load.waitingMax) mirror.write(...nextWrites(load.perTick));
  sync.changed(mirror.tick + 1, mirror.step());
  mirror.commit();
  sync.committed(mirror.tick);
  clock.schedule(plan.tickMs, tick);
}

/** In no order, so that they are as hard to compress as what many players do. */
function nextWrites(count: number) {
  return Array.from({ length: count }, () => {
    const bits = mixBits(load.next++);
    const x = bits % LOAD_SIDE;
    const y = (bits >>> 12) % LOAD_SIDE;
    return { x, y, value: mixBits(bits) % LOAD_KINDS };
  });
}

function obey(order: RegionOrder): void {
  if (order.order === "write") {
    const { writes } = order;
    for (let at = 0; at + 2 < writes.length; at += 3) {
      const [x = 0, y = 0, value = 0] = writes.slice(at, at + 3);
      mirror.write({ x, y, value });
    }
  } else if (order.order === "load") {
    load.perTick = order.perTick;
    load.waitingMax = order.waitingMax;
  } else if (order.order === "clock") {
    Object.assign(wrong, { ms: order.wrongMs, driftMs: order.driftMs });
    wrong.sinceMs = systemClock.monotonicMs();
  } else {
    process.send?.(describe(order.question, order.cells));
  }
}

function describe(question: number, cells: readonly number[]): RegionState {
  const values: number[] = [];
  for (let at = 0; at + 1 < cells.length; at += 2) {
    values.push(mirror.read(cells[at] ?? 0, cells[at + 1] ?? 0) ?? -1);
  }
  const { user, system } = process.cpuUsage();
  return {
    question,
    hash: mirror.register.hash(),
    cells: mirror.register.size,
    values,
    sentCells: sync.sender.figures.cells,
    sentBytes: sync.sender.figures.bytes,
    receivedCells: sync.received.cells,
    receivedBatches: sync.received.batches,
    refused: sync.received.refused,
    refusedAhead: sync.received.refusedAhead,
    conflicts: sync.received.conflicts,
    comparisons: sync.ranges.figures.compared,
    waiting: sync.sender.changes.length,
    connected: bus.connected,
    settled: sync.clocksSettled,
    cpuSeconds: (user + system) / 1e6,
    atMs: systemClock.monotonicMs(),
  };
}

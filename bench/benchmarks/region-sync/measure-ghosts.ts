import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { CellBytes } from "#shared/net/cell-bytes.ts";
import { type BlocksWorld, createBlocks, stepBlocks } from "#shared/sim/index.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { GhostSync } from "../../../shards/region/ghosts/ghost-sync.ts";
import { deriveRegionKeys } from "../../../shards/region/sync/region-keys.ts";
import { MemoryBroker } from "../../../shards/region/sync/testing/memory-broker.ts";
import { BlocksScene } from "../../../shards/world/blocks/blocks-scene.ts";
import { WantedCells } from "../../../shards/world/wanted-cells.ts";
import type { Figures } from "../../run/benchmark.ts";
import { createPlayerCrowd } from "../sim/blocks-crowd.ts";

const REGIONS = ["eu-west-1", "us-east-1"] as const;
const PLAYERS = 8_192;
const TICK_MS = 50;
/** Shorter than the time between two parts of a round, so that each is timed by itself. */
const TURN_MS = 5;
const WARM_UP_TICKS = 200;
const TICKS = 600;
/** A frame goes out every other tick. */
const INTERVAL_TICKS = 2;

/** What `measureGhosts` tells. */
export const GHOST_MEANINGS = {
  ghostTellMicros:
    "(d) 8,192 players who turn once a second are ghosts elsewhere: µs to tell 1,024",
  ghostTellLongest: "(d) the same, of a hundred turns of the event loop the longest, µs",
  ghostReadMicros: "(d) µs to check, inflate and read a message of them",
  ghostReadLongest: "(d) the same, of a hundred turns the longest, µs",
  ghostTickMicros: "(d) µs that they take of a tick of 50 ms where they are shown",
  ghostTickLongest: "(d) the same, of a hundred ticks the longest, µs",
  ghostEncodeMicros: "(d) µs to encode what is new of all of them, once for all who watch, 2 ticks",
  ghostBytesPerSecond: "(d) compressed bytes a second that tell of them",
} as const;

/** What people of one region cost it, and another that shows them, in one process. */
export function measureGhosts(): Figures {
  const { world, nextTurns } = createPlayerCrowd(PLAYERS);
  const empty = createBlocks(world.parameters, { entities: 64, bags: 64 });
  const broker = new MemoryBroker();
  const home = openRegion(REGIONS[0], world, broker);
  const away = openRegion(REGIONS[1], empty, broker);
  const times: Times = { tell: [], read: [], tick: [], encode: [] };
  let bytes = 0;
  for (let tick = 0; tick < WARM_UP_TICKS + TICKS; tick++) {
    if (tick === WARM_UP_TICKS) {
      for (const list of Object.values(times)) list.length = 0;
      bytes = home.sync.figures.bytes;
    }
    stepBlocks(home.world, nextTurns());
    home.scene.observe();
    home.scene.show(home.world.tick);
    stepBlocks(away.world, []);
    times.tick.push(microsOf(() => away.scene.ghosts.table.observe(away.world.tick)));
    if (tick % INTERVAL_TICKS === 0) times.encode.push(microsOf(() => away.encode()));
    for (let ms = 0; ms < TICK_MS; ms += TURN_MS) {
      const { told } = home.sync.figures;
      const { heard } = away.sync.figures;
      const tellMicros = microsOf(() => home.clock.advance(TURN_MS));
      if (home.sync.figures.told > told) times.tell.push(tellMicros);
      const readMicros = microsOf(() => away.clock.advance(TURN_MS));
      if (away.sync.figures.heard > heard) times.read.push(readMicros);
    }
  }
  if (away.scene.ghosts.held !== PLAYERS)
    throw new Error("cannot measure ghosts: some are missing");
  const seconds = (TICKS * TICK_MS) / 1_000;
  const bytesPerSecond = (home.sync.figures.bytes - bytes) / seconds;
  for (const region of [home, away]) region.stop();
  return {
    ghostTellMicros: part(times.tell, 0.5),
    ghostTellLongest: part(times.tell, 0.99),
    ghostReadMicros: part(times.read, 0.5),
    ghostReadLongest: part(times.read, 0.99),
    ghostTickMicros: part(times.tick, 0.5),
    ghostTickLongest: part(times.tick, 0.99),
    ghostEncodeMicros: part(times.encode, 0.5),
    ghostBytesPerSecond: bytesPerSecond,
  };
}

type Times = Readonly<Record<"tell" | "read" | "tick" | "encode", number[]>>;

function openRegion(region: string, world: BlocksWorld, broker: MemoryBroker) {
  const scene = new BlocksScene(world);
  const clock = new TurnClock();
  const metrics = createMetrics({ process: "bench" });
  const log = createLog({ process: "bench", write: () => undefined });
  const sync = new GhostSync({
    ...{ region, world: "blocks:1", incarnation: 1, clock, log, metrics, ghosts: scene.ghosts },
    ...{ keys: deriveRegionKeys("what the regions share, long enough", REGIONS) },
    ...{ compression: "zstd", link: broker.link(region), isAlone: () => false },
  });
  sync.start();
  const cells = world.shape.columns * world.shape.rows;
  const into = new CellBytes(cells);
  const wanted = new WantedCells(cells);
  const encode = () => {
    into.writer.reset();
    into.reset();
    wanted.clear();
    for (let cell = 0; cell < cells; cell++) wanted.addWindow(cell, 1);
    scene.encode(into, wanted, INTERVAL_TICKS);
  };
  const stop = () => {
    sync.stop();
    metrics.close();
  };
  return { world, scene, clock, sync, encode, stop };
}

/** Time goes on turn by turn, each with what is due in it. */
class TurnClock implements Clock {
  #nowMs = 0;
  #timers: { readonly dueMs: number; readonly run: () => void }[] = [];

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): CancelTimer {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(byMs: number): void {
    this.#nowMs += byMs;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { run } of due) run();
  }
}

function microsOf(work: () => void): number {
  const startNs = Bun.nanoseconds();
  work();
  return (Bun.nanoseconds() - startNs) / 1_000;
}

/** The value below which such a part of all lies. */
function part(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

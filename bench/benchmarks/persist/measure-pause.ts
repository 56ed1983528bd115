// What a snapshot costs the thread that ticks: a real loop at its rate over a real database, and
// the time that handing a copy to persistence takes, beside that of copying as many bytes in one
// piece.
import { join } from "node:path";
import { systemClock } from "#shared/time/clock.ts";
import type { LoopOutput, LoopStorage } from "../../../shards/loop/messages.ts";
import { Schedule } from "../../../shards/loop/schedule.ts";
import { ShardLoop } from "../../../shards/loop/shard-loop.ts";
import type { Persistence } from "../../../shards/persistence/persistence.ts";
import type { ShardWorld } from "../../../shards/world/shard-world.ts";
import type { Figures } from "../../run/benchmark.ts";
import { createCrowdedShard, TICK_RATE } from "./crowded-shard.ts";
import { Durations } from "./durations.ts";
import { commitTick, openStorage, SHARD_KEY } from "./storage.ts";

export interface PauseOptions {
  readonly folder: string;
  readonly entities: number;
  /** Before anything counts, so that the code is compiled. */
  readonly warmUpSeconds: number;
  readonly snapshots: number;
  /** Ticks from one snapshot to the next; a shard takes them less often. */
  readonly everyTicks: number;
}

/** Ticks until so many snapshots were taken, then as long without. */
export async function measurePause(options: PauseOptions): Promise<Figures> {
  const { snapshots, everyTicks } = options;
  const run = await startRun(options);
  const taken = run.storage.copies;
  await run.ticks(options.warmUpSeconds * TICK_RATE);
  taken.clear();
  run.tickMs.clear();
  while (taken.count < snapshots) {
    await run.ticks(everyTicks);
    run.floor.copy(run.storage.bytes);
    if (!run.storage.isSavingSnapshot) run.loop.saveSnapshot();
  }
  const pauseMsP50 = taken.quantile(0.5);
  const pauseMsP99 = taken.quantile(0.99);
  const pauseMsMax = taken.quantile(1);
  const tickMsP99 = run.tickMs.quantile(0.99);
  run.tickMs.clear();
  await run.ticks(snapshots * everyTicks);
  await run.stop();
  return {
    pauseMsP50,
    pauseMsP99,
    pauseMsMax,
    copiedMB: run.storage.bytes / 1e6,
    pauseFloorMsP50: run.floor.durations.quantile(0.5),
    pauseFloorMsP99: run.floor.durations.quantile(0.99),
    pauseFloorRatio: pauseMsP50 / run.floor.durations.quantile(0.5),
    tickMsP99,
    tickMsP99WithoutSnapshots: run.tickMs.quantile(0.99),
  };
}

async function startRun({ folder, entities }: PauseOptions) {
  const { world, tokens, queueTurns } = createCrowdedShard(entities);
  let loop: ShardLoop | undefined;
  const persistence = await openStorage(join(folder, "pause.db"), (tick) => loop?.committed(tick));
  const storage = new WatchedStorage(persistence);
  persistence.snapshot(world);
  commitTick(world, persistence);
  const nowMs = systemClock.monotonicMs();
  const running = new ShardLoop({
    shardKey: SHARD_KEY,
    world,
    // Time stands still for the sessions: nobody resumes them, and after 30 s all would be gone.
    clock: { ...systemClock, monotonicMs: () => nowMs },
    output: NOBODY,
    storage,
    tokens: { make: () => "", hash: (token) => token },
    sendIntervalTicks: 3,
    savedTokens: tokens,
  });
  loop = running;
  const tickMs = new Durations();
  let waiting = { ticks: 0, resolve: () => {} };
  const schedule = new Schedule({
    clock: systemClock,
    tickRate: TICK_RATE,
    run: (intendedMs) => {
      queueTurns();
      tickMs.measure(() => running.runTick(intendedMs));
      waiting.ticks -= 1;
      if (waiting.ticks === 0) waiting.resolve();
    },
  });
  schedule.start();
  return {
    loop: running,
    storage,
    tickMs,
    floor: new CopyFloor(),
    ticks: (ticks: number) => new Promise<void>((resolve) => (waiting = { ticks, resolve })),
    async stop() {
      schedule.stop();
      await persistence.close();
    },
  };
}

/** Persistence, and how long it takes to hand it a copy of the state. */
class WatchedStorage implements LoopStorage {
  readonly copies = new Durations();
  /** Of the latest copy. */
  bytes = 0;
  readonly #persistence: Persistence;

  constructor(persistence: Persistence) {
    this.#persistence = persistence;
  }

  get uncommittedTicks(): number {
    return this.#persistence.uncommittedTicks;
  }

  get isSavingSnapshot(): boolean {
    return this.#persistence.isSavingSnapshot;
  }

  load: LoopStorage["load"] = (request) => this.#persistence.load(request);
  commit: LoopStorage["commit"] = (record) => this.#persistence.commit(record);

  snapshot(world: ShardWorld): void {
    this.copies.measure(() => {
      this.#persistence.snapshot({
        copySnapshot: (area) => {
          const copy = world.copySnapshot(area);
          this.bytes = copy.texts.start + copy.texts.bytes;
          return copy;
        },
      });
    });
  }
}

/** As many bytes, in one piece, between two ticks as well. */
class CopyFloor {
  readonly durations = new Durations();
  #source = new Uint8Array(new SharedArrayBuffer(0));
  #target = new Uint8Array(new SharedArrayBuffer(0));

  copy(bytes: number): void {
    if (this.#source.length !== bytes) {
      this.#source = new Uint8Array(new SharedArrayBuffer(bytes)).fill(1);
      this.#target = new Uint8Array(new SharedArrayBuffer(bytes)).fill(2);
    }
    this.durations.measure(() => this.#target.set(this.#source));
  }
}

const NOBODY: LoopOutput = {
  control: () => {},
  hasRoom: () => true,
  publish: () => {},
  tell: () => true,
  ticked: () => {},
};

import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { BlocksWorkbench } from "../../../testing/blocks-workbench.ts";
import { blocksFactory } from "../../../world/blocks/blocks-shard-world.ts";
import type { ShardWorld } from "../../../world/shard-world.ts";
import { startRegionSync } from "../start-region-sync.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import { SCENE_KEYS, SCENE_WORLD } from "./region-scene.ts";

/** Of the worlds of mirrored shards. */
export const MIRRORED_OPTIONS = { tickRate: 20, seed: 1, capacity: 50 };
const TICK_MS = 50;

/** A shard's loop with a mirrored world of blocks, on a broker in memory and a clock of its own. */
export class MirroredShard implements AsyncDisposable {
  readonly world: ShardWorld;
  readonly blocks: BlocksWorkbench;
  readonly #broker: MemoryBroker;
  readonly #sync: ReturnType<typeof startRegionSync>;
  readonly #metrics = createMetrics({ process: "test" });

  /** Started so much later than others; with `ghosts: false` nobody is shown across regions. */
  constructor(
    broker: MemoryBroker,
    region: string,
    options: { ghosts?: boolean; laterMs?: number } = {},
  ) {
    this.#broker = broker;
    this.world = blocksFactory.create(MIRRORED_OPTIONS);
    this.blocks = new BlocksWorkbench(this.world);
    this.blocks.bench.clock.advance(options.laterMs ?? 0);
    const { land } = this.world;
    const ghosts = options.ghosts === false ? undefined : this.world.ghosts;
    if (land === undefined) throw new Error("cannot mirror: blocks have no land");
    this.#sync = startRegionSync({
      config: {
        keys: SCENE_KEYS,
        settings: {
          ...{ batchCount: 100, batchBytes: 100_000, flushMs: 100, compression: "zstd" },
          ...{ retentionMs: 86_400_000, cellsPerTick: 4_000, cellsAtOnce: 4_000 },
        },
      },
      ...{ region, land, ghosts, world: SCENE_WORLD, metrics: this.#metrics },
      bus: broker.link(region),
      tick: () => this.world.tick,
      clock: this.blocks.bench.clock,
      log: createLog({ process: "test", write: () => undefined }),
    });
  }

  async run(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += TICK_MS) {
      this.blocks.bench.clock.advance(TICK_MS);
      this.blocks.tick();
      this.#sync.committed(this.world.tick);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      this.#broker.deliver();
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  }

  metrics(): Promise<string> {
    return this.#metrics.render();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sync.stop();
    this.#metrics.close();
  }
}

/** Lets so much time go by in all of them, tick by tick. */
export async function runTogether(shards: readonly MirroredShard[], ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += TICK_MS) {
    for (const shard of shards) await shard.run(TICK_MS);
  }
}

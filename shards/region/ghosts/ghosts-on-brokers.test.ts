// Ghosts of two regions that meet on a real broker, which freezes under them.
import { expect, test } from "bun:test";
import type { Bus } from "#shared/infra/bus/bus.ts";
import { openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog } from "#shared/infra/log.ts";
import { createMetrics } from "#shared/infra/metrics.ts";
import { startNats, startRedis } from "#shared/testing/brokers.ts";
import { until } from "#shared/testing/until.ts";
import { systemClock } from "#shared/time/clock.ts";
import { blocksFactory } from "../../world/blocks/blocks-shard-world.ts";
import type { RegionGhosts } from "../../world/region-ghosts.ts";
import type { ShardWorld } from "../../world/shard-world.ts";
import { MIRRORED_OPTIONS } from "../sync/testing/mirrored-shard.ts";
import { SCENE_KEYS, SCENE_WORLD } from "../sync/testing/region-scene.ts";
import { GhostSync } from "./ghost-sync.ts";

const TICK_MS = 50;
const log = createLog({ process: "test", write: () => undefined });

/** A region's world with somebody in it, by the machine's own clock. */
class Region implements AsyncDisposable {
  readonly #world: ShardWorld = blocksFactory.create(MIRRORED_OPTIONS);
  readonly #ghosts: RegionGhosts;
  readonly #metrics = createMetrics({ process: "test" });
  readonly #sync: GhostSync;
  readonly #bus: Bus;
  readonly #startMs = systemClock.monotonicMs();

  private constructor(region: string, bus: Bus) {
    const { ghosts } = this.#world;
    if (ghosts === undefined) throw new Error("cannot test: blocks show no ghosts");
    this.#ghosts = ghosts;
    this.#bus = bus;
    this.#world.inputs.join({ playerId: region, name: region, restored: undefined });
    this.#sync = new GhostSync({
      ...{ region, world: SCENE_WORLD, incarnation: 1, keys: SCENE_KEYS, compression: "zstd" },
      ...{ ghosts, link: bus, clock: systemClock, log, metrics: this.#metrics },
      isAlone: () => false,
    });
    this.#sync.start();
  }

  static async open(region: string, address: string): Promise<Region> {
    const bus = await openBrokerBus({ address, source: region, clock: systemClock, log });
    return new Region(region, bus);
  }

  /** Those of the other region, after the ticks that are due. */
  seen(): number {
    const due = Math.floor((systemClock.monotonicMs() - this.#startMs) / TICK_MS);
    while (this.#world.tick < due) {
      this.#world.step();
      this.#world.observe();
      this.#world.show(this.#world.tick);
    }
    return this.#ghosts.held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sync.stop();
    await this.#bus.close();
    this.#metrics.close();
  }
}

test.each([
  ["Redis", startRedis],
  ["NATS", startNats],
] as const)("on %s ghosts go when nothing comes of them, and come back", async (_, start) => {
  await using broker = await start();
  await using eu = await Region.open("eu-west-1", broker.url);
  await using us = await Region.open("us-east-1", broker.url);
  const counts = () => [eu.seen(), us.seen()];
  await until("each sees the other's", () => counts().every((count) => count > 0));
  broker.service.freeze();
  await until("nobody of the other is seen", () => counts().every((count) => count === 0));
  broker.service.thaw();
  await until("each sees the other's again", () => counts().every((count) => count > 0));
  expect(eu.seen()).toBeGreaterThan(0);
});

import { createLog } from "#shared/infra/log.ts";
import type { Random } from "#shared/sim/kernel/random.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { Clock } from "#shared/time/clock.ts";
import { HybridClock } from "#shared/time/hybrid-clock.ts";
import { RegionNames } from "#shared/time/region-names.ts";
import { deriveRegionKeys, type RegionKeys } from "../region-keys.ts";
import { RegionSync, type RegionSyncOptions } from "../region-sync.ts";
import { BareMirror } from "./bare-mirror.ts";
import { MemoryBroker } from "./memory-broker.ts";

export const SCENE_WORLD = "blocks:1";
export const SCENE_REGIONS = ["ap-south-1", "eu-west-1", "us-east-1"];
export const SCENE_KEYS = deriveRegionKeys("a secret that all regions share", SCENE_REGIONS);
const TICK_MS = 50;

type Settings = RegionSyncOptions["settings"];

const SETTINGS: Settings = {
  batchCount: 100,
  batchBytes: 200_000,
  flushMs: 100,
  compression: "zstd",
  retentionMs: 86_400_000,
  cellsAtOnce: 20_000,
};

/** One region of a scene, with a clock that can be wrong. */
export interface SceneRegion {
  readonly region: string;
  readonly mirror: BareMirror;
  readonly sync: RegionSync;
  readonly hybrid: HybridClock;
  readonly clock: Clock & { wrongMs: number };
  /** False while its disk does not commit. */
  commits: boolean;
  readonly said: string[];
}

/** Regions with bare worlds on one broker in memory, and time that moves when the test says so. */
export class RegionScene {
  readonly time = new FakeClock();
  readonly broker: MemoryBroker;
  readonly regions: SceneRegion[] = [];

  constructor(random?: Random) {
    this.broker = new MemoryBroker(random);
  }

  /** Starts a region; with another one's world when that is given. */
  add(
    region: string,
    options: Partial<Settings> & { keys?: RegionKeys; owner?: string; from?: SceneRegion } = {},
  ): SceneRegion {
    const { keys = SCENE_KEYS, owner = region, from, ...settings } = options;
    const { time } = this;
    const clock = {
      wrongMs: 0,
      monotonicMs: () => time.monotonicMs(),
      wallMs: () => time.wallMs() + clock.wrongMs,
      schedule: (delayMs: number, callback: () => void) => time.schedule(delayMs, callback),
    };
    const regions = new RegionNames();
    const hybrid = new HybridClock(clock);
    const mirror = from?.mirror ?? new BareMirror({ region, regions, hybrid });
    const said: string[] = [];
    const log = createLog({ process: "test", write: (line) => void said.push(line) });
    const sync = new RegionSync({
      ...{ region, keys, mirror, hybrid, clock, log },
      world: SCENE_WORLD,
      incarnation: time.wallMs(),
      settings: { ...SETTINGS, ...settings },
      regions: mirror.register.regions,
      link: this.broker.link(owner),
    });
    sync.start();
    const one = { region, mirror, sync, hybrid, clock, commits: true, said };
    this.regions.push(one);
    return one;
  }

  /** Lets so much time go by, tick by tick. */
  async run(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += TICK_MS) {
      this.time.advance(TICK_MS);
      for (const { mirror, sync, commits } of this.regions) {
        sync.changed(mirror.tick + 1, mirror.step());
        if (!commits) continue;
        mirror.commit();
        sync.committed(mirror.tick);
      }
      await settle();
      this.broker.deliver();
      await settle();
    }
  }

  /** Runs until all regions have the same hash; the time that took, or undefined at `most`. */
  async converge(most: number): Promise<number | undefined> {
    for (let gone = 0; gone < most; gone += TICK_MS) {
      if (new Set(this.hashes).size === 1) return gone;
      await this.run(TICK_MS);
    }
    return undefined;
  }

  get hashes(): string[] {
    return this.regions.map(({ mirror }) => mirror.register.hash());
  }

  /** A region's process ends without a word. */
  kill(one: SceneRegion): void {
    this.regions.splice(this.regions.indexOf(one), 1);
    this.broker.cut(one.region);
  }
}

/** Lets promises that are done be noticed. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

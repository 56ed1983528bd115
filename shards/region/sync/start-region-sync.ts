import type { Log } from "#shared/infra/log.ts";
import type { Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import { HybridClock, laterStamp } from "#shared/time/hybrid-clock.ts";
import type { MirroredLand } from "../../world/mirrored-land.ts";
import type { RegionGhosts } from "../../world/region-ghosts.ts";
import { GhostSync } from "../ghosts/ghost-sync.ts";
import type { RegionLink } from "./region-link.ts";
import { RegionSync } from "./region-sync.ts";
import { ShardMirror } from "./shard-mirror.ts";
import type { SyncConfig } from "./sync-config.ts";
import { addSyncMetrics } from "./sync-metrics.ts";

/** At its stop a shard waits so long for the bus to take what is committed; the rest is found. */
const STOP_MS_MAX = 1_500;
/** No stamp is after it. */
const STAMP_LAST = { hi: 0xffff_ffff, lo: 0xffff_ffff };

export interface RegionSyncParts {
  readonly config: SyncConfig;
  readonly region: string;
  /** The same in all regions: `blocks:1`. */
  readonly world: string;
  readonly land: MirroredLand;
  /** Who is shown in the other regions, and theirs here; nobody without it. */
  readonly ghosts?: RegionGhosts | undefined;
  /** Last tick that ran; the world stands at it, and all of it is committed. */
  readonly tick: () => number;
  readonly bus: RegionLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How a mirrored world is, for `/health`. */
export interface RegionsHealth {
  /** Of the blocks; the same in all regions at rest. */
  readonly hash: string;
  /** Why the others are not told; null while they are. */
  readonly trouble: string | null;
  /** Whether another process serves this region too. */
  readonly served_twice: boolean;
  readonly others: readonly {
    readonly region: string;
    /** Whether it was heard in the last seconds. */
    readonly here: boolean;
    /** How long its blocks were different from those here. */
    readonly differs_seconds: number;
    /** Its clock less the one here. */
    readonly clock_seconds: number;
  }[];
}

/** A shard's end of region sync. */
export interface RunningSync {
  readonly health: RegionsHealth;
  /** All ticks up to this one are in the database. */
  committed(tick: number): void;
  /** Tells what is committed, for a moment; the world runs no more. */
  stop(): Promise<void>;
}

/** Makes a shard's world one that its regions have in common, from its next tick on. */
export function startRegionSync(parts: RegionSyncParts): RunningSync {
  const { config, region, world, land, tick, bus, clock, log, metrics } = parts;
  const { register } = land;
  const seen = laterStamp(land.seen, register.greatestStamp(STAMP_LAST));
  const hybrid = new HybridClock(clock, seen);
  const mirror = new ShardMirror({
    ...{ region, land, hybrid, tick },
    changed: ({ tick: changedTick, written }) => {
      sync.changed(changedTick, { cells: written, entities: [], chat: [] });
    },
    told: () => undefined,
  });
  const incarnation = Math.trunc(clock.wallMs());
  const sync = new RegionSync({
    ...{ region, world, incarnation, mirror, hybrid, clock, log, link: bus },
    ...{ settings: config.settings, keys: config.keys, regions: register.regions },
  });
  addSyncMetrics({ metrics, sync, mirror, clock });
  sync.start();
  const ghostSync =
    parts.ghosts &&
    new GhostSync({
      ...{ region, world, incarnation, clock, log, metrics, ghosts: parts.ghosts, link: bus },
      ...{ keys: config.keys, compression: config.settings.compression },
      isAlone: () => !sync.peers.all.some((peer) => peer.isHere(clock.monotonicMs())),
    });
  ghostSync?.start();
  return {
    get health() {
      return describe(sync, { hash: register.hash(), nowMs: clock.monotonicMs() });
    },
    committed(committedTick) {
      mirror.committed(committedTick);
      sync.committed(committedTick);
    },
    async stop() {
      ghostSync?.stop();
      mirror.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = clock.schedule(STOP_MS_MAX, resolve);
      await Promise.race([sync.stop(), promise]);
      cancel();
    },
  };
}

function describe(sync: RegionSync, { hash, nowMs }: { hash: string; nowMs: number }) {
  const others = sync.peers.all.map((peer) => ({
    region: peer.region,
    here: peer.isHere(nowMs),
    differs_seconds: peer.differsMs === undefined ? 0 : Math.round(nowMs - peer.differsMs) / 1_000,
    clock_seconds: peer.clockMs / 1_000,
  }));
  const isTwice = sync.peers.isTwice(nowMs);
  return { hash, trouble: sync.sender.trouble ?? null, served_twice: isTwice, others };
}

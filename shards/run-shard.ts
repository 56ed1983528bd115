import type { Bus } from "#shared/infra/bus/bus.ts";
import { LocalBus } from "#shared/infra/bus/local-bus.ts";
import { chooseBus, chooseStream, LOCAL, openBrokerBus } from "#shared/infra/bus/open-bus.ts";
import { createLog, type Log } from "#shared/infra/log.ts";
import { type RunningProcess, reportReady, TEMPORARY_EXIT_CODE } from "#shared/infra/process.ts";
import { readRegionFiles } from "#shared/infra/region-file.ts";
import { watchRegionFiles } from "#shared/infra/watch-region-files.ts";
import { systemClock } from "#shared/time/clock.ts";
import { readShardConfig, type ShardConfig } from "./config.ts";
import type { EarlyThread } from "./early-thread.ts";
import { HttpChatServer } from "./region/http-chat-server.ts";
import { HttpLeaseAuthority } from "./region/lease-authority.ts";
import { LeaseKeeper } from "./region/lease-keeper.ts";
import { HttpLoginAuthority } from "./region/login-authority.ts";
import { type LearningSyncConfig, readSyncConfig } from "./region/sync/sync-config.ts";
import type { StandbyOptions } from "./replication/standby/standby.ts";
import { startShard } from "./shard.ts";
import { factoryOf } from "./world/worlds.ts";

/** What the process of one shard is given. */
export interface RunShardOptions {
  readonly flags: readonly string[];
  /** Ends a start that waits for something. */
  readonly stopping: AbortSignal;
  /** Started before this was loaded. */
  readonly persistenceThread?: EarlyThread | undefined;
}

/** One shard as this process, until it is stopped or cannot go on. */
export async function runShard(options: RunShardOptions): Promise<RunningProcess> {
  const { flags, stopping, persistenceThread } = options;
  const config = readShardConfig(flags, process.env);
  const log = createLog({ process: "shard", level: config.logLevel, mode: config.mode }).child({
    shard: config.shardKey,
  });
  const { serverUrl, clusterSecret, shardKey } = config;
  const bus = await openBus(config, log);
  const authority = new HttpLeaseAuthority({ serverUrl, clusterSecret, clock: systemClock });
  const holder = crypto.randomUUID();
  const lease = new LeaseKeeper({
    authority,
    clock: systemClock,
    log,
    shardKey,
    holder,
    // A standby may take over as soon as the lease has run out.
    strict: config.ship !== undefined || config.standby !== undefined,
    granted: (epoch) => {
      bus.epoch = epoch;
    },
  });
  const ready = (port: number) => {
    log.info("standing by", { port, replica: config.standby?.url });
    reportReady({ url: `http://${config.host}:${port}`, port, shardKey, standby: true });
  };
  const parts = { config, clock: systemClock, log, bus, authority, holder, stopping, ready };
  const sync = syncOf(config);
  const shard = await startShard({
    ...(sync && { sync }),
    config: config.standby === undefined ? config : await afterStandby(parts),
    clock: systemClock,
    log,
    bus,
    lease,
    persistenceThread,
    logins: new HttpLoginAuthority({ serverUrl, clusterSecret, clock: systemClock }),
    chat: new HttpChatServer({ serverUrl, clusterSecret, clock: systemClock }),
    stopping,
    keys: { url: new URL("/.well-known/jwks.json", config.serverUrl).href },
    // As a signal does: the one way of an ordered stop.
    stopAsked: () => process.kill(process.pid, "SIGTERM"),
    lost(reason) {
      log.error("shard stopped: another process owns it", { reason });
      process.exit(TEMPORARY_EXIT_CODE);
    },
    failed(message) {
      log.error("shard cannot go on", { reason: message });
      process.exit(1);
    },
  });
  const stopFollowing = followRegions(config, { sync, log });
  log.info("shard is serving", { address: shard.address });
  reportReady({ url: shard.address, port: shard.port, shardKey: config.shardKey });
  return {
    async stop() {
      stopFollowing();
      await shard.stop();
      await bus.close();
      log.info("shard stopped, everything saved");
    },
  };
}

/** How the world goes to other regions, if it is one of those that are in several. */
function syncOf(config: ShardConfig): LearningSyncConfig | undefined {
  const { region, regionFolder, world, clusterSecret } = config;
  if (!factoryOf(world).isMirrored) return undefined;
  const files = readRegionFiles(regionFolder);
  return readSyncConfig({ region, world, files, environment: process.env, clusterSecret });
}

/** Learns of other regions while it runs; the result ends that. */
function followRegions(
  { regionFolder: folder }: ShardConfig,
  { sync, log }: { sync: LearningSyncConfig | undefined; log: Log },
): () => void {
  if (sync === undefined) return () => undefined;
  const changed = sync.follow;
  return watchRegionFiles({ folder, log, changed, clock: systemClock });
}

/** Through the server, unless the environment or the region's file names a broker. */
async function openBus(config: ShardConfig, log: Log): Promise<Bus> {
  const { serverUrl, clusterSecret, shardKey: source, region, regionFolder } = config;
  const files = readRegionFiles(regionFolder);
  const own = files.filter((file) => file.region === region);
  const address = chooseBus(process.env, config.bus, own);
  const parts = { source, clock: systemClock, log };
  const stream = chooseStream(process.env, files);
  if (address !== LOCAL) return openBrokerBus({ address, stream, ...parts });
  return new LocalBus({ serverUrl, clusterSecret, ...parts });
}

async function afterStandby(options: StandbyOptions): Promise<ShardConfig> {
  const { standBy } = await import("./replication/standby/standby.ts");
  return await standBy(options);
}

import { ShardPhase } from "#proto/bus_pb.ts";
import type { Bus } from "#shared/infra/bus/bus.ts";
import { addBusMetrics } from "#shared/infra/bus/bus-metrics.ts";
import type { Log } from "#shared/infra/log.ts";
import { createMetrics, type Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import { countChat } from "./chat/chat-metrics.ts";
import { type ChatServer, whileHeard } from "./chat/chat-server.ts";
import type { ShardConfig } from "./config.ts";
import { EarlyThread, GATEWAY_THREAD } from "./early-thread.ts";
import { GatewayHost } from "./gateway/gateway-host.ts";
import { GatewayReadings } from "./gateway/gateway-metrics.ts";
import { makeResumeToken } from "./gateway/resume-token.ts";
import type { KeySource } from "./gateway/tickets.ts";
import { hashToken } from "./gateway/token-hash.ts";
import { createShardHttp, type ShardHealth } from "./http.ts";
import { createLoopMetrics } from "./loop/loop-metrics.ts";
import { ShardLoop } from "./loop/shard-loop.ts";
import { OutboxRelay } from "./persistence/outbox-relay.ts";
import { Persistence } from "./persistence/persistence.ts";
import type { LeaseKeeper } from "./region/lease-keeper.ts";
import { listenToBus } from "./region/listen-to-bus.ts";
import { type LoginAuthority, LoginWatch } from "./region/login-watch.ts";
import { obeyStaff } from "./region/obey-staff.ts";
import { ownShard } from "./region/own-shard.ts";
import { StatusPublisher } from "./region/status-publisher.ts";
import { type RunningSync, startRegionSync } from "./region/sync/start-region-sync.ts";
import type { SyncConfig } from "./region/sync/sync-config.ts";
import { tellPlayers } from "./region/tell-players.ts";
import { ShipWatch } from "./replication/ship-watch.ts";
import { restoreWorld } from "./restore-world.ts";
import { addShardGauges } from "./shard-gauges.ts";
import { TickDriver } from "./tick-driver.ts";
import type { ShardWorld } from "./world/shard-world.ts";
import { factoryOf } from "./world/worlds.ts";
import { worldOptionsOf } from "./world-options.ts";

/** Frames per second to each client; ticks between two frames follow from the tick rate. */
const SENDS_PER_SECOND = 10;
/** How long a shard that is not the owner any more takes for its goodbyes. */
const GOODBYE_MS_MAX = 200;
/** How often the gateways' figures are gathered. */
const COLLECT_MS = 500;

export interface ShardOptions {
  config: ShardConfig;
  clock: Clock;
  log: Log;
  bus: Bus;
  /** The server's public keys, for join tickets. */
  keys: KeySource;
  lease: LeaseKeeper;
  /** Who knows which logins have ended; without it the bus alone tells. */
  logins?: LoginAuthority;
  /** Who decides on what players say; without it nobody speaks. */
  chat?: ChatServer;
  /** Ends the wait for the lease. */
  stopping?: AbortSignal;
  /** Another process owns the shard; everybody was sent away, the process must end now. */
  lost: (reason: string) => void;
  /** How a mirrored world goes to other regions; without it, it is this region's alone. */
  sync?: SyncConfig;
  /** The persistence Worker, when it runs already; experiments have one of their own. */
  persistenceThread?: EarlyThread | undefined;
  /** Told of each tick, for experiments: how late it started and how long it took. */
  ticked?: (latenessMs: number, durationMs: number) => void;
  /** Staff wants the process to end in order. */
  stopAsked?: () => void;
  /** The shard cannot go on: nothing after the last commit is safe. */
  failed: (message: string) => void;
}

/** A running shard. */
export interface Shard {
  /** Where clients connect. */
  readonly address: string;
  /** Where it listens. */
  readonly port: number;
  /** Says goodbye, saves everything and closes; sessions wait for a resume. */
  stop(): Promise<void>;
}

/**
 * Wires a shard: database → world → lease → loop → gateway → socket, and starts it. The database is
 * locked and read before the lease is asked for, and written to only under it.
 */
export async function startShard(options: ShardOptions): Promise<Shard> {
  const { gateways } = options.config;
  // They load while the database is read and the journal is replayed.
  const threads = Array.from(
    { length: gateways },
    () => new EarlyThread(GATEWAY_THREAD, "gateway"),
  );
  try {
    return await start(options, threads);
  } catch (error) {
    for (const thread of threads) thread.end();
    throw error;
  }
}

async function start(options: ShardOptions, threads: EarlyThread[]): Promise<Shard> {
  const { config, clock, log, lease } = options;
  const metrics = createMetrics({
    process: "shard",
    labels: { world: config.world, region: config.region, instance: String(config.instance) },
  });
  addBusMetrics(metrics, options.bus);
  // The loop and its neighbours refer to each other; messages before it stands find nobody waiting.
  let loop: ShardLoop | undefined;
  let driver: TickDriver | undefined;
  let sync: RunningSync | undefined;
  const loopMetrics = createLoopMetrics(metrics, options.ticked);
  const relay = new OutboxRelay({
    bus: options.bus,
    clock,
    told: (ids) => persistence.told(ids),
  });
  const shipping = new ShipWatch({ ship: config.ship, log, metrics });
  const { persistence, recovery } = await Persistence.open({
    path: config.databasePath,
    shardKey: config.shardKey,
    world: config.world,
    tickRate: config.tickRate,
    ship: config.ship,
    shipped: (status) => shipping.heard(status),
    clock,
    loaded: (message) => loop?.inbox.push(message),
    committed(tick) {
      driver?.committed(tick);
      sync?.committed(tick);
    },
    outbox: (messages) => relay.take(messages),
    warned: (message) => log.warning(message),
    failed: options.failed,
    thread: options.persistenceThread,
  });
  const world = await restoreWorld(factoryOf(config.world), recovery, {
    ...worldOptionsOf(config),
    log,
    databasePath: config.databasePath,
    recover: (request) => persistence.recover(request),
  });
  const lasting = await ownShard({ ...options, persistence, recovery });
  const state = { phase: "starting" } as const;
  const regions = () => sync?.health ?? null;
  const stores = { persistence, shipping };
  const shared: Started = { options, threads, metrics, ...stores, world, state, regions };
  const host = await openGateways(shared, () => loop);
  const running = new ShardLoop({
    shardKey: config.shardKey,
    world,
    clock,
    output: host,
    storage: persistence,
    tokens: { make: makeResumeToken, hash: hashToken },
    entered: (playerId, loginId) => logins?.entered(playerId, loginId),
    chat: options.chat && whileHeard(options.chat, options.bus),
    sendIntervalTicks: Math.max(1, Math.round(world.tickRate / SENDS_PER_SECOND)),
    isRestored: recovery.snapshot !== undefined,
    savedTokens: lasting.sessions,
    measured: (latencyMs) => loopMetrics.committed(latencyMs),
  });
  loop = running;
  const logins = watchLogins(options, running);
  const { tickRate } = world;
  driver = new TickDriver({ clock, tickRate, lease, metrics, loopMetrics, host, loop: running });
  if (recovery.snapshot === undefined) running.saveSnapshot();
  sync = syncRegions(options, { world, metrics });
  return run({ ...shared, host, loop: running, driver, logins, sync });
}

/** What stands before the gateways do. */
interface Started {
  options: ShardOptions;
  /** For the gateways. */
  threads: EarlyThread[];
  metrics: Metrics;
  persistence: Persistence;
  shipping: ShipWatch;
  world: ShardWorld;
  state: { phase: ShardHealth["status"] };
  regions: () => ShardHealth["regions"];
}

interface Parts extends Started {
  host: GatewayHost;
  loop: ShardLoop;
  driver: TickDriver;
  logins: LoginWatch | undefined;
  sync: RunningSync | undefined;
}

/** Opens the shard's port; `loop` is asked for whenever somebody wants to know how it is. */
function openGateways(parts: Started, loop: () => ShardLoop | undefined): Promise<GatewayHost> {
  const { options, metrics, persistence, world, state } = parts;
  const { config, clock, bus } = options;
  const startedMs = clock.monotonicMs();
  const { columns, rows } = world.grid;
  const { keyframeBytes } = world;
  const sendsMax = Math.max(world.capacity, world.population);
  return GatewayHost.open({
    gateways: config.gateways,
    threads: parts.threads,
    host: config.host,
    port: config.port,
    mode: config.mode,
    origins: { mode: config.mode, allowed: config.allowedOrigins },
    connectionsPerAddressMax: config.connectionsPerAddressMax,
    messagesPerSecondMax: config.messagesPerSecondMax,
    // The ancestor's wire has words for an arena and nothing else.
    legacyForm: config.world === "arena" ? config.legacyForm : undefined,
    shardKey: config.shardKey,
    keys: options.keys,
    clock,
    slots: { columns, cells: columns * rows, keyframeBytes, sendsMax },
    failed: options.failed,
    ask: createShardHttp({
      mode: config.mode,
      clusterSecret: config.clusterSecret,
      metrics,
      health: () => ({
        status: state.phase,
        shard: config.shardKey,
        uptime_seconds: Math.floor((clock.monotonicMs() - startedMs) / 1_000),
        players: loop()?.population ?? 0,
        connected: loop()?.connected ?? 0,
        tick: world.tick,
        bus: bus.connected,
        bus_trouble: bus.trouble ?? null,
        epoch: options.lease.epoch,
        lease_seconds_left: Math.round(options.lease.secondsLeft * 10) / 10,
        storage: persistence.disk,
        replica: parts.shipping.status.state,
        replica_lag_ticks: parts.shipping.lagTicks,
        regions: parts.regions(),
      }),
      hold: (request) => parts.persistence.hold(request),
    }),
  });
}

function run(parts: Parts): Shard {
  const { options, host, loop, driver, persistence, metrics, state, world } = parts;
  const { config, clock, bus, lease } = options;
  const readings = new GatewayReadings(metrics, host.counters);
  addShardGauges({ metrics, loop, persistence, world, lease, readings });
  countChat(metrics, loop.chat);
  const address = config.publicUrl ?? `ws://${displayHost(config.host)}:${host.port}/game`;
  const status = createStatus(parts, address);
  const endings = [
    listenToBus(bus, loop, config),
    tellPlayers({ bus, clock, config, loop, world }),
    obeyStaff({ bus, shardKey: config.shardKey, loop, status, stop: options.stopAsked }),
  ];
  const unsubscribe = () => endings.forEach((end) => void end());
  const stopCollecting = repeat(clock, COLLECT_MS, () => readings.collect());
  driver.start();
  parts.logins?.start();
  state.phase = "serving";
  status.enter(ShardPhase.SERVING);
  let givingUp: Promise<void> | undefined;
  const lost = (reason: string) => {
    if (state.phase !== "stopping") givingUp = giveUp(reason);
  };
  lease.keep({ address, tick: () => persistence.committedTick, lost });
  const reached = () => ({ committed: persistence.committedTick, rate: config.tickRate });
  parts.shipping.serve(reached, lost);

  /** Nothing is committed or acknowledged from here on, and everybody is told to look anew. */
  async function giveUp(reason: string): Promise<void> {
    state.phase = "stopping";
    driver.stop();
    const abandoned = persistence.abandon();
    status.silence();
    unsubscribe();
    parts.logins?.stop();
    stopCollecting();
    void parts.sync?.stop();
    // A gateway that stands still does not keep the process.
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.schedule(GOODBYE_MS_MAX, resolve);
    const told = host.sayGoodbye().then(() => host.close());
    await Promise.race([Promise.all([told, abandoned]), promise]);
    metrics.close();
    options.lost(reason);
  }

  return {
    address,
    port: host.port,
    async stop() {
      if (givingUp !== undefined) return givingUp;
      state.phase = "stopping";
      status.enter(ShardPhase.DRAINING);
      unsubscribe();
      parts.logins?.stop();
      stopCollecting();
      driver.stop();
      const goodbye = host.sayGoodbye();
      loop.saveSnapshot();
      await persistence.close();
      await parts.sync?.stop();
      await lease.release(persistence.committedTick);
      // Last, so that a gateway which stands still does not keep anything from the disk.
      await goodbye;
      status.stop();
      await host.close();
      metrics.close();
    },
  };
}

function createStatus({ options, loop, shipping, world }: Parts, address: string): StatusPublisher {
  const { config, clock, bus } = options;
  return new StatusPublisher({
    bus,
    clock,
    identity: {
      shardKey: config.shardKey,
      world: config.world,
      region: config.region,
      instance: config.instance,
      address,
      capacity: config.playersMax,
      tickRate: world.tickRate,
      startedAtMs: clock.wallMs(),
    },
    read: () => ({
      population: loop.population,
      tick: loop.tick,
      replicaTick: shipping.status.shippedTick,
      replicaGeneration: shipping.status.generation,
    }),
  });
}

/** Makes the world one with the other regions', where it is mirrored and it was said how. */
function syncRegions(
  { config, bus, clock, log, sync }: ShardOptions,
  { world, metrics }: { world: ShardWorld; metrics: Metrics },
): RunningSync | undefined {
  const { land, ghosts } = world;
  if (land === undefined || sync === undefined) return undefined;
  const { region, world: name, instance } = config;
  const tick = () => world.tick;
  const parts = { config: sync, region, world: `${name}:${instance}`, land, ghosts, tick };
  return startRegionSync({ ...parts, bus, clock, log, metrics });
}

function watchLogins(
  { logins: authority, clock, log }: ShardOptions,
  loop: ShardLoop,
): LoginWatch | undefined {
  if (authority === undefined) return undefined;
  return new LoginWatch({
    authority,
    clock,
    log,
    present: () => loop.logins(),
    ended: (login) => loop.inbox.push({ kind: "revoke", ...login }),
  });
}

function repeat(clock: Clock, everyMs: number, action: () => void): () => void {
  let cancel = clock.schedule(everyMs, again);
  function again(): void {
    action();
    cancel = clock.schedule(everyMs, again);
  }
  return () => cancel();
}

/** An address that others can use when the shard listens on all of them. */
function displayHost(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

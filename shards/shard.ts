import { randomBytes } from "node:crypto";
import type { JWTVerifyGetKey } from "jose";
import { ShardPhase } from "#proto/bus_pb.ts";
import { type Bus, TOPIC_PLAYERS, TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import type { Log } from "#shared/infra/log.ts";
import { createMetrics, type Metrics } from "#shared/infra/metrics.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ShardConfig } from "./config.ts";
import { Gateway } from "./gateway/gateway.ts";
import { createGatewayMetrics, type GatewayMetrics } from "./gateway/gateway-metrics.ts";
import { type SocketServer, serveSockets } from "./gateway/socket-server.ts";
import { verifyTicket } from "./gateway/tickets.ts";
import { createShardHttp, type ShardHealth } from "./http.ts";
import { createLoopMetrics } from "./loop/loop-metrics.ts";
import { Schedule } from "./loop/schedule.ts";
import { ShardLoop } from "./loop/shard-loop.ts";
import { Persistence } from "./persistence/persistence.ts";
import { StatusPublisher } from "./region/status-publisher.ts";
import { restoreWorld } from "./restore-world.ts";
import { worldFactories } from "./world/worlds.ts";

/** Frames per second to each client; ticks between two frames follow from the tick rate. */
const SENDS_PER_SECOND = 10;
const SWEEP_MS = 500;

export interface ShardOptions {
  config: ShardConfig;
  clock: Clock;
  log: Log;
  bus: Bus;
  /** The server's public keys, for join tickets. */
  keys: JWTVerifyGetKey;
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

/** Wires a shard: database → world → loop → gateway → socket, and starts it. */
export async function startShard(options: ShardOptions): Promise<Shard> {
  const { config, clock, log } = options;
  const metrics = createMetrics({
    process: "shard",
    labels: { world: config.world, region: config.region, instance: String(config.instance) },
  });
  // The loop and its neighbours refer to each other; messages before it stands find nobody waiting.
  let loop: ShardLoop | undefined;
  const { persistence, recovery } = await Persistence.open({
    path: config.databasePath,
    shardKey: config.shardKey,
    world: config.world,
    loaded: (message) => loop?.inbox.push(message),
    failed: options.failed,
  });
  const factory = worldFactories[config.world];
  if (factory === undefined) throw new Error(`cannot start shard: no world ${config.world}`);
  const world = restoreWorld(factory, recovery, {
    tickRate: config.tickRate,
    seed: seedOf(config.shardKey),
    capacity: config.playersMax,
    log,
    databasePath: config.databasePath,
  });
  const gatewayMetrics = createGatewayMetrics(metrics);
  const gateway = new Gateway({
    clock,
    inbox: (message) => loop?.inbox.push(message),
    verifyTicket: (token) =>
      verifyTicket(token, {
        keys: options.keys,
        shardKey: config.shardKey,
        wallMs: () => clock.wallMs(),
      }),
    hashToken,
    messagesPerSecondMax: config.messagesPerSecondMax,
    metrics: gatewayMetrics,
  });
  const running = new ShardLoop({
    world,
    clock,
    output: gateway,
    storage: persistence,
    tokens: { make: () => randomBytes(16).toString("base64url"), hash: hashToken },
    sendIntervalTicks: Math.max(1, Math.round(world.tickRate / SENDS_PER_SECOND)),
    savedTokens: recovery.sessions,
  });
  loop = running;
  if (recovery.snapshot === undefined) running.saveSnapshot();
  const { tickRate } = world;
  return run({ options, metrics, gatewayMetrics, persistence, gateway, loop: running, tickRate });
}

interface Parts {
  options: ShardOptions;
  metrics: Metrics;
  gatewayMetrics: GatewayMetrics;
  persistence: Persistence;
  gateway: Gateway;
  loop: ShardLoop;
  tickRate: number;
}

function run(parts: Parts): Shard {
  const { options, gateway, loop, persistence, metrics, tickRate } = parts;
  const { config, clock, bus } = options;
  let phase: ShardHealth["status"] = "starting";
  const startedMs = clock.monotonicMs();
  const sockets = serveGame(parts, () => ({
    status: phase,
    shard: config.shardKey,
    uptime_seconds: Math.floor((clock.monotonicMs() - startedMs) / 1_000),
    players: loop.population,
    connected: loop.connected,
    tick: loop.tick,
    bus: bus.connected,
  }));
  const loopMetrics = createLoopMetrics(metrics);
  addShardGauges(parts);
  const schedule = new Schedule({
    clock,
    tickRate,
    run: (intendedMs) => {
      const startMs = clock.monotonicMs();
      loop.runTick(intendedMs);
      const endMs = clock.monotonicMs();
      loopMetrics.ticked(Math.max(0, startMs - intendedMs), endMs - startMs);
    },
    skipped: (ticks) => loopMetrics.skippedTicks(ticks),
  });
  const address = config.publicUrl ?? `ws://${displayHost(config.host)}:${sockets.port}/game`;
  const status = new StatusPublisher({
    bus,
    clock,
    identity: {
      shardKey: config.shardKey,
      world: config.world,
      region: config.region,
      instance: config.instance,
      address,
      capacity: config.playersMax,
      tickRate,
      startedAtMs: clock.wallMs(),
    },
    read: () => ({ population: loop.population, tick: loop.tick }),
  });
  const unsubscribe = listenToBus(bus, loop, config);
  const stopSweeping = repeat(clock, SWEEP_MS, () => gateway.sweep());
  schedule.start();
  phase = "serving";
  status.enter(ShardPhase.SERVING);
  return {
    address,
    port: sockets.port,
    async stop() {
      phase = "stopping";
      status.enter(ShardPhase.DRAINING);
      unsubscribe();
      stopSweeping();
      schedule.stop();
      gateway.stop();
      loop.saveSnapshot();
      await persistence.close();
      status.stop();
      await sockets.stop();
      metrics.close();
    },
  };
}

function serveGame(parts: Parts, health: () => ShardHealth): SocketServer {
  const { options, gateway, metrics, gatewayMetrics } = parts;
  const { config } = options;
  return serveSockets({
    host: config.host,
    port: config.port,
    mode: config.mode,
    origins: { mode: config.mode, allowed: config.allowedOrigins },
    connectionsPerAddressMax: config.connectionsPerAddressMax,
    gateway,
    metrics: gatewayMetrics,
    http: createShardHttp({
      mode: config.mode,
      clusterSecret: config.clusterSecret,
      metrics,
      health,
    }),
  });
}

function listenToBus(bus: Bus, loop: ShardLoop, { shardKey, world }: ShardConfig): () => void {
  const stops = [TOPIC_SESSIONS, TOPIC_PLAYERS].map((topic) =>
    bus.subscribe(topic, ({ payload }) => {
      if (payload.case === "sessionsRevoked") {
        const { playerId, reason } = payload.value;
        loop.inbox.push({ kind: "revoke", playerId, reason });
      } else if (payload.case === "playerMoved") {
        const { playerId, shardKey: there } = payload.value;
        if (there === shardKey || !there.startsWith(`${world}:`)) return;
        loop.inbox.push({ kind: "moved", playerId });
      } else if (payload.case === "playerRenamed") {
        const { playerId, displayName } = payload.value;
        loop.inbox.push({ kind: "rename", playerId, name: displayName });
      }
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

function addShardGauges({ metrics, loop, gateway, persistence }: Parts): void {
  const gauge = (name: string, help: string, read: () => number) =>
    metrics.gaugeOf(`tessera_${name}`, help, read);
  gauge("players", "Players in the world.", () => loop.population);
  gauge("sessions_connected", "Players with a connection.", () => loop.connected);
  gauge("connections", "Open game sockets.", () => gateway.connectionCount);
  gauge("tick", "Last finished tick.", () => loop.tick);
  gauge("inbox_dropped", "Commands dropped at the inbox's bound.", () => loop.inbox.droppedTotal);
  gauge("journal_uncommitted_ticks", "Ticks on the way to the disk.", () => {
    return persistence.uncommittedTicks;
  });
  gauge("snapshot_tick", "Tick of the last saved snapshot.", () => persistence.savedTick);
  gauge("snapshot_bytes", "Size of the last saved snapshot.", () => persistence.snapshotBytes);
}

function repeat(clock: Clock, everyMs: number, action: () => void): () => void {
  let cancel = clock.schedule(everyMs, again);
  function again(): void {
    action();
    cancel = clock.schedule(everyMs, again);
  }
  return () => cancel();
}

/** SHA-256: what the database keeps does not let anyone resume. */
function hashToken(token: string): string {
  return new Bun.CryptoHasher("sha256").update(token).digest("base64url");
}

/** The world's seed, stable for a shard: FNV-1a of its key. */
function seedOf(shardKey: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < shardKey.length; index++) {
    hash = Math.imul(hash ^ shardKey.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** An address that others can use when the shard listens on all of them. */
function displayHost(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

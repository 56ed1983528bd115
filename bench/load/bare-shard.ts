// A shard process of its own for measurements: the real thing (`shards/main.ts`) on a folder that
// goes with it, without a server; tickets are signed here.
//
//   await using shard = await startBareShard({ clock: systemClock, players: 10_000 });
//   const swarm = new Swarm({ admission: shard.admission, clock: systemClock });
//   const before = await shard.usage();
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Admission } from "./admission.ts";
import { MetricsText } from "./metrics-text.ts";
import { type ProcessUsage, readProcessUsage } from "./process-usage.ts";
import { openTicketOffice, type TicketOffice } from "./ticket-office.ts";

export interface BareShardOptions {
  readonly clock: Clock;
  /** An arena unless given. */
  readonly world?: "arena" | "blocks" | undefined;
  /** Players that it must take in. */
  readonly players: number;
  /** Ticks per second; the shard's default when not given, as with all that follows. */
  readonly tickRate?: number | undefined;
  /** Threads for sockets. */
  readonly gateways?: number | undefined;
  /** Units on a side of the world and of its cells. */
  readonly side?: number | undefined;
  readonly cell?: number | undefined;
  /** Of blocks: how far from the land's middle players come to be. */
  readonly spawnBlocks?: number | undefined;
  /** Form of the ancestor's wire. */
  readonly legacyWire?: "off" | "events" | "delta" | undefined;
  /** Messages per second and connection; raise it only for clients that send more than 60. */
  readonly messagesPerSecond?: number | undefined;
  /** Fills the folder of its data before it starts. */
  readonly prepare?: ((folder: string) => Promise<void>) | undefined;
  /** More settings, by their names. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** A running shard; disposing it stops the process and removes its data. */
export interface BareShard extends AsyncDisposable {
  /** ws://127.0.0.1:PORT/game */
  readonly address: string;
  readonly pid: number;
  /** Folder of its database and journal. */
  readonly folder: string;
  /** Settings that are not the product's defaults, to be told with the figures. */
  readonly raisedLimits: Readonly<Record<string, string>>;
  readonly admission: Admission;
  /** What it says of itself now. */
  metrics(): Promise<MetricsText>;
  /** Processor time since its start, by thread, and memory; by /metrics where there is no /proc. */
  usage(): Promise<ProcessUsage>;
  /** The process is over; rejects `metrics` and `usage`. */
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dir, "../..");
const START_MS_MAX = 20_000;
/** After this long an ordered stop is not waited for. */
const STOP_MS_MAX = 6_000;
/** Connections on top of the players, for measurements beside them. */
const SPARE_CONNECTIONS = 100;

/** Starts one and waits until it serves; throws with what it said when it does not. */
export async function startBareShard(options: BareShardOptions): Promise<BareShard> {
  const folder = mkdtempSync(join(tmpdir(), "tessera-load-"));
  const { world = "arena" } = options;
  await options.prepare?.(folder);
  const office = await openTicketOffice(`${world}:1:eu-west-1`, options.clock);
  const raisedLimits = raiseLimits(options);
  const ready = Promise.withResolvers<string>();
  const child = Bun.spawn([process.execPath, ...SHARD_COMMAND, world], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...SHARD_ENGINE,
      TESSERA_DATA: folder,
      TESSERA_SERVER_URL: office.serverUrl,
      TESSERA_SHARD_PORT: "0",
      TESSERA_LOG_LEVEL: "error",
      ...raisedLimits,
      ...shapeOf(options),
      ...options.environment,
    },
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => ready.resolve(readAddress(message)),
  });
  const abandon = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  // Whoever leaves in a hurry leaves nothing behind.
  process.once("exit", abandon);
  const dispose = async () => {
    process.off("exit", abandon);
    await end(child, options.clock);
    await office.close();
    rmSync(folder, { recursive: true, force: true });
  };
  void child.exited.then((code) => {
    ready.reject(new Error(`cannot start the shard: it left with code ${code}`));
  });
  const cancel = options.clock.schedule(START_MS_MAX, () => {
    ready.reject(new Error(`cannot start the shard: it does not serve after ${START_MS_MAX} ms`));
  });
  try {
    const address = await ready.promise;
    return describe({ address, child, folder, office, raisedLimits, dispose });
  } catch (error) {
    await dispose();
    throw error;
  } finally {
    cancel();
  }
}

const SHARD_COMMAND = ["shards/main.ts", "--region", "eu-west-1", "--world"];

interface Parts {
  address: string;
  child: Bun.Subprocess;
  folder: string;
  office: TicketOffice;
  raisedLimits: Readonly<Record<string, string>>;
  dispose: () => Promise<void>;
}

function describe({ address, child, folder, office, raisedLimits, dispose }: Parts): BareShard {
  const metrics = async () => {
    const response = await fetch(new URL("/metrics", address.replace(/^ws/, "http")));
    if (!response.ok) throw new Error(`cannot read the shard's metrics: HTTP ${response.status}`);
    return new MetricsText(await response.text());
  };
  return {
    address,
    pid: child.pid,
    folder,
    raisedLimits,
    admission: {
      admit: async (index) => ({ address, ticket: await office.ticket(`load-${index}`) }),
    },
    metrics,
    usage: async () => readProcessUsage(child.pid) ?? readOwnUsage(await metrics()),
    exited: child.exited,
    stop: dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** All clients come from one address: the limits that stop one player must not stop them. */
function raiseLimits({ players, messagesPerSecond }: BareShardOptions): Record<string, string> {
  return {
    TESSERA_CONNECTIONS_PER_IP: String(players + SPARE_CONNECTIONS),
    ...(messagesPerSecond !== undefined && {
      TESSERA_MESSAGES_PER_SECOND: String(messagesPerSecond),
    }),
  };
}

function shapeOf(options: BareShardOptions): Record<string, string> {
  const { tickRate, gateways, side, cell, spawnBlocks, legacyWire } = options;
  return Object.fromEntries(
    Object.entries({
      TESSERA_TICK_RATE: tickRate,
      TESSERA_GATEWAYS: gateways,
      TESSERA_ARENA_SIDE: side,
      TESSERA_ARENA_CELL: cell,
      TESSERA_BLOCKS_SPAWN: spawnBlocks,
      TESSERA_LEGACY_WIRE: legacyWire,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function readAddress(message: unknown): string {
  const isReady = typeof message === "object" && message !== null && "url" in message;
  if (isReady && typeof message.url === "string") return message.url;
  throw new Error("cannot start the shard: it does not say its address");
}

/** Where there is no /proc: the process alone, without its threads. */
function readOwnUsage(metrics: MetricsText): ProcessUsage {
  return {
    cpuSeconds: metrics.sum("tessera_process_cpu_seconds_total"),
    rssBytes: metrics.sum("tessera_process_resident_memory_bytes"),
    threads: [],
  };
}

async function end(child: Bun.Subprocess, clock: Clock): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  const cancel = clock.schedule(STOP_MS_MAX, () => child.kill("SIGKILL"));
  await child.exited;
  cancel();
}

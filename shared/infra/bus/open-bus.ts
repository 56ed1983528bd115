import type { Log } from "#shared/infra/log.ts";
import type { RegionFile } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import { STREAM } from "./broker-connection.ts";
import type { Bus } from "./bus.ts";

/** The address of a bus that goes through the server of this machine. */
export const LOCAL = "local:";

const HOUR_MS = 3_600_000;
const RETENTION_HOURS = 24;

/** What a broker calls what it keeps, and for how long; the same in all of a deployment. */
export interface BusStream {
  readonly name: string;
  readonly batchAgeMs: number;
}

export interface OpenBusOptions {
  /** Where the broker is; not LOCAL. */
  readonly address: string;
  readonly stream?: BusStream | undefined;
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The bus on a broker; it connects by itself, now or when the broker is there. */
export async function openBrokerBus(options: OpenBusOptions): Promise<Bus> {
  const { address: url, stream: kept, ...about } = options;
  const retention = kept && { batchAgeMs: kept.batchAgeMs };
  const parts = { ...about, stream: kept?.name, retention };
  // Only who uses a broker loads what speaks to it.
  if (/^(nats|tls):/.test(url)) {
    const { NatsBus } = await import("./nats-bus.ts");
    return new NatsBus({ url, ...parts });
  }
  const { RedisBus } = await import("./redis-bus.ts");
  return new RedisBus({ url, ...parts });
}

/**
 * Which bus a process is on: of the environment, else of its region's file, else the machine's own.
 * A server, which is of no region, takes what all files agree on.
 */
export function chooseBus(
  environment: Environment,
  configured: string,
  files: readonly RegionFile[],
): string {
  if (environment.TESSERA_BUS) return configured;
  const named = new Set(files.map(({ bus }) => bus ?? LOCAL));
  const [only = LOCAL] = named;
  if (named.size <= 1) return only;
  throw new ConfigurationError(
    `cannot choose a bus: the region files name ${named.size} different ones; set TESSERA_BUS`,
  );
}

/**
 * The stream of the environment, else of the region files. Batches are kept for as long as any
 * region wants them, so that all processes ask the broker for the same.
 */
export function chooseStream(environment: Environment, files: readonly RegionFile[]): BusStream {
  const settings = readSettings(
    ["TESSERA_SYNC_STREAM", "TESSERA_SYNC_RETENTION_HOURS"],
    environment,
  );
  const hours = files.map(({ sync }) => sync?.retentionHours ?? RETENTION_HOURS);
  const kept = settings.TESSERA_SYNC_RETENTION_HOURS ?? Math.max(...hours);
  const batchAgeMs = kept * HOUR_MS;
  if (settings.TESSERA_SYNC_STREAM !== undefined) {
    return { name: settings.TESSERA_SYNC_STREAM, batchAgeMs };
  }
  const named = new Set(files.map(({ sync }) => sync?.stream ?? STREAM));
  const [name = STREAM] = named;
  if (named.size <= 1) return { name, batchAgeMs };
  throw new ConfigurationError(
    `cannot choose a stream: the region files name ${[...named].join(" and ")}, and regions ` +
      "meet in one; name the same sync.stream in all of them, or set TESSERA_SYNC_STREAM",
  );
}

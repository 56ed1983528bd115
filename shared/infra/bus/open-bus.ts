import type { Log } from "#shared/infra/log.ts";
import type { RegionFile } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment } from "#shared/infra/settings.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Bus } from "./bus.ts";

/** The address of a bus that goes through the server of this machine. */
export const LOCAL = "local:";

export interface OpenBusOptions {
  /** Where the broker is; not LOCAL. */
  readonly address: string;
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The bus on a broker; it connects by itself, now or when the broker is there. */
export async function openBrokerBus(options: OpenBusOptions): Promise<Bus> {
  const { address: url, ...parts } = options;
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

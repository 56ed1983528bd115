// Several shards of one world on one machine: a process for each, so that a world uses all cores
// and one instance's death is nobody else's.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type RunningProcess, reportReady } from "#shared/infra/process.ts";
import { ConfigurationError, type Environment, readSettings } from "#shared/infra/settings.ts";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import {
  type ProcessPlan,
  SupervisedProcess,
} from "#shared/infra/supervision/supervised-process.ts";
import { formatShardKey } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import { defaultGateways } from "./config.ts";
import { readShardFlags } from "./flags.ts";

const MAIN = join(import.meta.dir, "main.ts");
const PORT_MAX = 65_535;
/** Within the 5 s that a stop may take, with something left for leaving. */
const STOP_MS_MAX = 4_600;

/**
 * Starts one process per instance and resolves once all serve. One that dies is started again, at
 * its port; when one refuses its configuration or never comes up, all stop.
 */
export async function startInstances(
  flags: readonly string[],
  options: { environment: Environment; clock: Clock },
): Promise<RunningProcess> {
  const { environment, clock } = options;
  const group = new InstanceGroup(planInstances(flags, environment), clock);
  const urls = await group.start();
  print(`tessera | ${urls.length} instances are serving`);
  reportReady({ url: urls[0]?.href ?? "", urls: urls.map(({ href }) => href) });
  return group;
}

/** A process for each instance; throws ConfigurationError on wrong flags or settings. */
function planInstances(flags: readonly string[], environment: Environment): readonly ProcessPlan[] {
  const { world, region, instances = 1, takeOver, standby } = readShardFlags(flags, environment);
  const settings = readSettings(
    ["TESSERA_SHARD_PORT", "TESSERA_SHARD_PUBLIC_URL", "TESSERA_GATEWAYS"],
    environment,
  );
  const first = settings.TESSERA_SHARD_PORT;
  if (first + instances - 1 > PORT_MAX) {
    throw new ConfigurationError(
      `cannot start ${instances} instances: they take the ports from ` +
        `TESSERA_SHARD_PORT=${first} up, and there is none above ${PORT_MAX}`,
    );
  }
  const cores = Math.floor(availableParallelism() / instances);
  const gateways = settings.TESSERA_GATEWAYS ?? defaultGateways(cores);
  const publicUrl = settings.TESSERA_SHARD_PUBLIC_URL;
  if (instances > 1 && publicUrl !== undefined && !publicUrl.includes("{instance}")) {
    throw new ConfigurationError(
      `cannot start ${instances} instances: TESSERA_SHARD_PUBLIC_URL=${publicUrl} would send all ` +
        "players to one; write {instance} where its number belongs, such as " +
        "wss://play.example.com:777{instance}/game",
    );
  }
  const own = ["--region", region, "--world", world, ...(standby ? ["--standby"] : [])];
  return Array.from({ length: instances }, (_, index): ProcessPlan => {
    const instance = index + 1;
    return {
      name: `shard ${formatShardKey(world, instance, region)}`,
      parameters: [MAIN, ...own, "--instance", String(instance)],
      parametersOnce: takeOver ? ["--take-over"] : [],
      environment: {
        ...SHARD_ENGINE,
        ...environment,
        TESSERA_SHARD_PORT: String(first === 0 ? 0 : first + index),
        TESSERA_GATEWAYS: String(gateways),
      },
      pin: (port) => ({ TESSERA_SHARD_PORT: port }),
    };
  });
}

/** The processes of all instances. */
class InstanceGroup implements RunningProcess {
  readonly #processes: readonly SupervisedProcess[];
  readonly #failing = Promise.withResolvers<never>();
  #isStarted = false;
  #isStopping = false;

  constructor(plans: readonly ProcessPlan[], clock: Clock) {
    this.#processes = plans.map(
      (plan) =>
        new SupervisedProcess(plan, {
          clock,
          write: print,
          failed: (exitCode, reason) => void this.#fail(exitCode, reason),
        }),
    );
  }

  async start(): Promise<URL[]> {
    const starting = Promise.all(this.#processes.map((one) => one.start()));
    const urls = await Promise.race([starting, this.#failing.promise]);
    this.#isStarted = true;
    return urls;
  }

  /** All at once: no instance depends on another. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const results = await Promise.all(this.#processes.map((one) => one.stop(STOP_MS_MAX)));
    if (results.every(Boolean)) return;
    throw new Error("cannot stop all instances in order: see above for what may not be saved");
  }

  /** Leaves with the code of the one that failed, after the others have saved everything. */
  async #fail(exitCode: number, reason: string): Promise<void> {
    if (this.#isStopping) return;
    print(`tessera | ${reason}; the other instances stop`);
    await this.stop().catch(({ message }: Error) => print(`tessera | ${message}`));
    if (this.#isStarted) process.exit(exitCode);
    const error = exitCode === 78 ? ConfigurationError : Error;
    this.#failing.reject(new error(`cannot start instances: ${reason}`));
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

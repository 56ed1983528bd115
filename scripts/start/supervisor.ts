// Runs the processes of a deployment together: starts them in order, keeps them alive, stops them
// in the opposite order. Development and production differ in settings only, so nothing here does
// what the processes could not do alone.
import { resolve } from "node:path";
import { readRegionFiles, regionFolderOf } from "#shared/infra/region-file.ts";
import { ConfigurationError, type Environment } from "#shared/infra/settings.ts";
import {
  type ProcessPlan,
  SupervisedProcess,
} from "#shared/infra/supervision/supervised-process.ts";
import { type Clock, systemClock } from "#shared/time/clock.ts";
import { formatBanner } from "./banner.ts";
import { watchLauncher } from "./launcher.ts";
import { planStart, type StartPlan } from "./plan.ts";

// All of it within the 5 s that a stop may take, with something left for leaving.
const STOP_MS_MAX = 4_600;
/** What later stages of the stop may count on, however slow the earlier ones are. */
const STOP_MS_KEPT = { bots: 3_000, shards: 1_500, server: 0 } as const;
/** Within this time a signal is the same one, told twice: by the terminal and by `bun run`. */
const SAME_SIGNAL_MS_MAX = 500;

/** Starts everything and stays until it is stopped. */
export async function supervise(flags: readonly string[], environment: Environment): Promise<void> {
  try {
    const plan = planStart(readRegionFiles(regionFolderOf(environment)), { flags, environment });
    const house = new House(plan, systemClock);
    house.listen();
    await house.start();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(error.exitCode);
  }
}

/** All processes of one start. */
class House {
  readonly #plan: StartPlan;
  readonly #clock: Clock;
  #server: SupervisedProcess | undefined;
  #shards: SupervisedProcess[] = [];
  #bots: SupervisedProcess | undefined;
  #stopStartMs: number | undefined;

  constructor(plan: StartPlan, clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
  }

  /** From here on signals and the loss of the launcher lead to an ordered stop. */
  listen(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => this.#handleSignal());
    }
    // A closed terminal or pipe must not end the supervisor before its processes.
    process.stdout.on("error", () => undefined);
    process.on("disconnect", () => void this.#stop(0, "its launcher is gone"));
    watchLauncher(this.#clock, () => void this.#stop(0, "npm is gone"));
  }

  async start(): Promise<void> {
    const plan = this.#plan;
    this.#server = this.#supervise(plan.server);
    const serverUrl = (await this.#server.start()).origin;
    if (this.#isStopping) return;
    this.#shards = plan.shards(serverUrl).map((shard) => this.#supervise(shard));
    const urls = await Promise.all(this.#shards.map((shard) => shard.start()));
    if (this.#isStopping) return;
    const shards = this.#shards.map(({ name }, index) => ({ name, url: urls[index]?.href ?? "" }));
    const seconds = performance.now() / 1000;
    const data = resolve(plan.data);
    const publicUrl = this.#server.publicUrl ?? serverUrl;
    print(formatBanner({ serverUrl: publicUrl, shards, botCount: plan.botCount, data, seconds }));
    for (const note of plan.notes) print(`tessera | ${note}`);
    const bots = plan.bots(serverUrl);
    if (bots === undefined) return;
    // Without bots the world is only quieter: they are tried for ever, and stop nothing.
    this.#bots = this.#supervise({ ...bots, triesMax: Number.POSITIVE_INFINITY });
    await this.#bots.start();
  }

  get #isStopping(): boolean {
    return this.#stopStartMs !== undefined;
  }

  #supervise(plan: ProcessPlan): SupervisedProcess {
    return new SupervisedProcess(plan, {
      clock: this.#clock,
      write: print,
      failed: (exitCode, reason) => void this.#stop(exitCode, reason),
    });
  }

  #handleSignal(): void {
    const sinceMs = this.#clock.monotonicMs() - (this.#stopStartMs ?? this.#clock.monotonicMs());
    if (sinceMs > SAME_SIGNAL_MS_MAX) {
      for (const one of this.#processes()) one.kill();
      process.exit(1);
    }
    void this.#stop(0, "stopping in order");
  }

  /** Bots, then shards, then the server: nobody loses the one that it depends on. */
  async #stop(exitCode: number, reason: string): Promise<void> {
    if (this.#isStopping) return;
    const startMs = this.#clock.monotonicMs();
    this.#stopStartMs = startMs;
    print(`tessera | ${reason}`);
    const stages: [SupervisedProcess[], number][] = [
      [this.#bots === undefined ? [] : [this.#bots], STOP_MS_KEPT.bots],
      [this.#shards, STOP_MS_KEPT.shards],
      [this.#server === undefined ? [] : [this.#server], STOP_MS_KEPT.server],
    ];
    let isOrderly = true;
    for (const [processes, keptMs] of stages) {
      const leftMs = STOP_MS_MAX - (this.#clock.monotonicMs() - startMs) - keptMs;
      const results = await Promise.all(processes.map((one) => one.stop(Math.max(100, leftMs))));
      isOrderly &&= results.every(Boolean);
    }
    const seconds = ((this.#clock.monotonicMs() - startMs) / 1000).toFixed(1);
    const outcome = isOrderly
      ? "stopped, everything saved"
      : "stopped, but not all in order: see above for what may not be saved";
    print(`tessera | ${outcome} (${seconds} s)`);
    process.exit(exitCode === 0 && !isOrderly ? 1 : exitCode);
  }

  #processes(): SupervisedProcess[] {
    return [this.#bots, ...this.#shards, this.#server].filter((one) => one !== undefined);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

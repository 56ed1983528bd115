// A server and a shard as they are deployed, each a process that is started again when it dies, on
// a folder that goes with them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import { SupervisedProcess } from "#shared/infra/supervision/supervised-process.ts";
import type { Clock } from "#shared/time/clock.ts";

const ROOT = join(import.meta.dir, "../..");
const STOP_MS_MAX = 8_000;
/** What was said last, to tell when something does not come up. */
const LINES_MAX = 200;

export interface DeploymentOptions {
  readonly clock: Clock;
  /** Which world the shard serves; `arena` if not given. */
  readonly world?: "arena" | "blocks";
  /** More settings for both, by their names. */
  readonly both?: Readonly<Record<string, string>>;
  /** More settings for the shard, by their names. */
  readonly shard?: Readonly<Record<string, string>>;
  /** Makes something of the data folder before anything starts in it. */
  readonly prepare?: (folder: string) => void;
  /** Undoes that once all has stopped, before the folder is removed. */
  readonly tidy?: () => void;
}

/** Which of the processes. */
export type Role = "server" | "shard";

/** A running server and shard; disposing it stops both and removes their data. */
export class Deployment implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "tessera-chaos-"));
  readonly #clock: Clock;
  readonly #processes = new Map<Role, SupervisedProcess>();
  readonly #pids = new Map<Role, number>();
  readonly #lines: string[] = [];
  readonly #tidy: () => void;
  readonly #failing = Promise.withResolvers<never>();
  /** http://127.0.0.1:PORT */
  serverUrl = "";
  /** ws://127.0.0.1:PORT/game */
  shardAddress = "";

  private constructor(clock: Clock, tidy: () => void) {
    this.#clock = clock;
    this.#tidy = tidy;
    // Whoever leaves in a hurry leaves nothing behind.
    process.once("exit", this.#abandon);
  }

  /** Starts both and waits until they serve; throws with what they said when one does not. */
  static async start(options: DeploymentOptions): Promise<Deployment> {
    const { clock, both = {}, shard = {}, prepare, tidy = () => undefined } = options;
    const { world = "arena" } = options;
    const deployment = new Deployment(clock, tidy);
    try {
      prepare?.(deployment.folder);
      const server = await deployment.#run("server", [join(ROOT, "server/main.ts")], {
        ...both,
        TESSERA_PORT: "0",
      });
      deployment.serverUrl = server.origin;
      const flags = ["--region", "eu-west-1", "--world", world];
      const game = await deployment.#run("shard", [join(ROOT, "shards/main.ts"), ...flags], {
        ...SHARD_ENGINE,
        ...both,
        TESSERA_SERVER_URL: server.origin,
        TESSERA_SHARD_PORT: "0",
        ...shard,
      });
      deployment.shardAddress = game.href;
      return deployment;
    } catch (error) {
      await deployment[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What both have said lately. */
  get output(): string {
    return this.#lines.join("\n");
  }

  /** Path of the database of an arena's shard. */
  get shardDatabase(): string {
    return join(this.folder, "shards", "arena-1-eu-west-1.db");
  }

  /** The latest process of a role. */
  pidOf(role: Role): number {
    const pid = this.#pids.get(role);
    if (pid === undefined) throw new Error(`cannot find the ${role}: it does not run`);
    return pid;
  }

  /** Kills a process in the middle of whatever it does; it is started again. */
  kill(role: Role): void {
    process.kill(this.pidOf(role), "SIGKILL");
  }

  /** Stops a process in order, for good. */
  async stop(role: Role): Promise<void> {
    const inOrder = await this.#processes.get(role)?.stop(STOP_MS_MAX);
    if (inOrder === false) {
      throw new Error(`cannot stop the ${role} in order; it said:\n${this.output}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.#abandon);
    for (const role of ["shard", "server"] as const) {
      await this.#processes.get(role)?.stop(STOP_MS_MAX);
    }
    this.#tidy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #abandon = () => {
    for (const one of this.#processes.values()) one.kill();
    this.#tidy();
    rmSync(this.folder, { recursive: true, force: true });
  };

  async #run(
    role: Role,
    parameters: readonly string[],
    settings: Readonly<Record<string, string>>,
  ): Promise<URL> {
    const { PATH, HOME } = process.env;
    const environment = { PATH, HOME, TESSERA_DATA: this.folder, TESSERA_LOG_LEVEL: "warning" };
    const setting = role === "server" ? "TESSERA_PORT" : "TESSERA_SHARD_PORT";
    const one = new SupervisedProcess(
      {
        name: role,
        parameters,
        environment: { ...environment, ...settings },
        pin: (port) => ({ [setting]: port }),
      },
      {
        clock: this.#clock,
        write: (line) => this.#hear(role, line),
        failed: (_, reason) =>
          this.#failing.reject(new Error(`cannot go on: ${reason}\n${this.output}`)),
      },
    );
    this.#processes.set(role, one);
    return await Promise.race([one.start(), this.#failing.promise]);
  }

  #hear(role: Role, line: string): void {
    const pid = /runs as process (\d+)/.exec(line)?.[1];
    if (pid !== undefined) this.#pids.set(role, Number(pid));
    this.#lines.push(line);
    if (this.#lines.length > LINES_MAX) this.#lines.shift();
  }
}

// A libSQL server (sqld) as a child process.
import { mkdirSync, rmSync } from "node:fs";
import { systemClock } from "#shared/time/clock.ts";
import { prefixLines } from "../supervision/prefix-lines.ts";
import { findSqld } from "./sqld-binary.ts";
import type { SqldKeys } from "./sqld-keys.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 10_000;
/** A port that is free when looked at may be taken a moment later: then others are tried. */
const STARTS_MAX = 5;
const STOP_MS_MAX = 3_000;
const LOOK_MS = 5;
/** Of what it says, for errors. */
const LINES_KEPT = 20;

export interface SqldOptions {
  /** Where its database lies; made when there is none. */
  folder: string;
  keys: SqldKeys;
  /** 0 takes any free one; a taken one means the next that is free. */
  port?: number;
  /** The server whose replica it is; without it, it is a primary. */
  primary?: Sqld;
}

/** One server, which may be killed, wiped and started again at its address. */
export class Sqld implements AsyncDisposable {
  readonly #options: SqldOptions;
  #port = 0;
  #grpcPort = 0;
  #child: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined;
  #lines: string[] = [];

  private constructor(options: SqldOptions) {
    this.#options = options;
  }

  /** Starts one and waits until it answers; throws with what it said when it does not. */
  static async start(options: SqldOptions): Promise<Sqld> {
    const sqld = new Sqld(options);
    sqld.#port = findFreePort(options.port ?? 0);
    sqld.#grpcPort = findFreePort(0);
    for (let start = 1; ; start += 1) {
      try {
        await sqld.restart();
        return sqld;
      } catch (error) {
        if (start === STARTS_MAX || !/in use/.test(String(error))) throw error;
        sqld.#port = findFreePort(options.port ?? 0);
        sqld.#grpcPort = findFreePort(0);
      }
    }
  }

  /** Where clients reach it. */
  get url(): string {
    return `http://${HOST}:${this.#port}`;
  }

  /** Where its replicas reach it. */
  get grpcUrl(): string {
    return `http://${HOST}:${this.#grpcPort}`;
  }

  /** Starts it again at its address, when it does not run. */
  async restart(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#spawn();
    await this.#answers();
  }

  /** Stops it in order; by force after 3 s. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.thaw();
    child.kill("SIGINT");
    const cancel = systemClock.schedule(STOP_MS_MAX, () => child.kill("SIGKILL"));
    await child.exited;
    cancel();
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
  }

  /** SIGSTOP: its port is open, and nobody answers. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Resolves when the process is over, with its exit code. */
  get exited(): Promise<number> {
    return this.#child?.exited ?? Promise.resolve(0);
  }

  /** Kills it and removes all that it knows; `restart` begins anew. */
  async wipe(): Promise<void> {
    await this.kill();
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(): void {
    const { folder, keys, primary } = this.#options;
    mkdirSync(folder, { recursive: true });
    const role =
      primary === undefined
        ? ["--grpc-listen-addr", `${HOST}:${this.#grpcPort}`]
        : ["--primary-grpc-url", primary.grpcUrl];
    const place = ["--db-path", folder, "--http-listen-addr", `${HOST}:${this.#port}`];
    const child = Bun.spawn(
      [findSqld(), ...place, ...role, "--auth-jwt-key-file", keys.publicKeyFile, "--no-welcome"],
      { env: { RUST_LOG: "warn", NO_COLOR: "1" }, stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#child = child;
    this.#lines = [];
    void prefixLines(child.stderr, "", (line) => {
      this.#lines = [...this.#lines, line].slice(-LINES_KEPT);
    });
    // It does not notice the end of the process that started it.
    const abandon = () => child.kill("SIGKILL");
    process.once("exit", abandon);
    void child.exited.then(() => {
      process.off("exit", abandon);
      if (this.#child === child) this.#child = undefined;
    });
  }

  async #answers(): Promise<void> {
    const endMs = systemClock.monotonicMs() + START_MS_MAX;
    while (systemClock.monotonicMs() < endMs) {
      if (this.#child === undefined) break;
      const response = await fetch(`${this.url}/health`).catch(() => undefined);
      if (response?.ok === true) return;
      await new Promise<void>((resolve) => systemClock.schedule(LOOK_MS, resolve));
    }
    await this.kill();
    throw new Error(`cannot start sqld at ${this.url}: it said\n${this.#lines.join("\n")}`);
  }
}

/** The first free port from `port` on; any for 0. */
function findFreePort(port: number): number {
  for (let wanted = port; ; wanted += 1) {
    try {
      const probe = Bun.listen({ hostname: HOST, port: wanted, socket: { data: () => undefined } });
      const found = probe.port;
      probe.stop(true);
      return found;
    } catch (error) {
      if (wanted === 0 || wanted >= port + STARTS_MAX * 10) throw error;
    }
  }
}

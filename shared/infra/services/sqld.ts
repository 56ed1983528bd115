// A libSQL server (sqld) as a child process.
import { mkdirSync, rmSync } from "node:fs";
import { findFreePort, type ServiceKind, ServiceProcess } from "./service-process.ts";
import { findSqld } from "./sqld-binary.ts";
import type { SqldKeys } from "./sqld-keys.ts";

const HOST = "127.0.0.1";
/** The port for replicas may be taken a moment after it was free: then others are tried. */
const STARTS_MAX = 5;

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
  readonly #service: ServiceProcess;
  /** Where its replicas reach it. */
  readonly grpcUrl: string;

  private constructor(service: ServiceProcess, grpcUrl: string) {
    this.#service = service;
    this.grpcUrl = grpcUrl;
  }

  /** Starts one and waits until it answers; throws with what it said when it does not. */
  static async start(options: SqldOptions): Promise<Sqld> {
    for (let start = 1; ; start += 1) {
      const grpcPort = findFreePort(0);
      try {
        const service = await ServiceProcess.start(kindOf(options, grpcPort), options.port);
        return new Sqld(service, `http://${HOST}:${grpcPort}`);
      } catch (error) {
        if (start === STARTS_MAX || !/in use/i.test(String(error))) throw error;
      }
    }
  }

  /** Where clients reach it. */
  get url(): string {
    return `http://${HOST}:${this.#service.port}`;
  }

  /** Starts it again at its address, when it does not run. */
  restart(): Promise<void> {
    return this.#service.restart();
  }

  /** Stops it in order; by force after 3 s. */
  stop(): Promise<void> {
    return this.#service.stop();
  }

  /** SIGKILL. */
  kill(): Promise<void> {
    return this.#service.kill();
  }

  /** SIGSTOP: its port is open, and nobody answers. */
  freeze(): void {
    this.#service.freeze();
  }

  /** SIGCONT. */
  thaw(): void {
    this.#service.thaw();
  }

  /** Resolves when the process is over, with its exit code. */
  get exited(): Promise<number> {
    return this.#service.exited;
  }

  /** Kills it and removes all that it knows; `restart` begins anew. */
  wipe(): Promise<void> {
    return this.#service.wipe();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function kindOf({ folder, keys, primary }: SqldOptions, grpcPort: number): ServiceKind {
  const role =
    primary === undefined
      ? ["--grpc-listen-addr", `${HOST}:${grpcPort}`]
      : ["--primary-grpc-url", primary.grpcUrl];
  return {
    name: "sqld",
    command: (port) => {
      mkdirSync(folder, { recursive: true });
      const place = ["--db-path", folder, "--http-listen-addr", `${HOST}:${port}`];
      const access = ["--auth-jwt-key-file", keys.publicKeyFile, "--no-welcome"];
      return [findSqld(), ...place, ...role, ...access];
    },
    environment: { RUST_LOG: "warn", NO_COLOR: "1" },
    stopSignal: "SIGINT",
    answers: async (port) => (await fetch(`http://${HOST}:${port}/health`)).ok,
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}

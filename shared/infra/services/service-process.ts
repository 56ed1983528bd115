// A server program as a child process: for development, and for tests that kill, freeze or wipe it.
import { systemClock } from "#shared/time/clock.ts";
import { prefixLines } from "../supervision/prefix-lines.ts";

const HOST = "127.0.0.1";
const START_MS_MAX = 10_000;
/** A port that is free when looked at may be taken a moment later: then others are tried. */
const STARTS_MAX = 5;
const PORTS_TRIED_MAX = 50;
const STOP_MS_MAX = 3_000;
const LOOK_MS = 5;
/** Of what it says, for errors. */
const LINES_KEPT = 20;

/** What one program differs in from another. */
export interface ServiceKind {
  /** For people. */
  readonly name: string;
  /** The command that serves on a port. */
  readonly command: (port: number) => readonly string[];
  /** Its environment beside PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What ends it in order; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals;
  /** Whether it answers there. */
  readonly answers: (port: number) => Promise<boolean>;
  /** Removes all that it keeps. */
  readonly forget: () => void;
}

/** One server, which may be killed, frozen, wiped and started again at its port. */
export class ServiceProcess implements AsyncDisposable {
  readonly #kind: ServiceKind;
  #port = 0;
  #child: Bun.Subprocess<"ignore", "pipe", "pipe"> | undefined;
  #lines: string[] = [];

  private constructor(kind: ServiceKind) {
    this.#kind = kind;
  }

  /** Starts it on the first free port from `port` on, any for 0, and waits until it answers. */
  static async start(kind: ServiceKind, port = 0): Promise<ServiceProcess> {
    const service = new ServiceProcess(kind);
    for (let start = 1; ; start += 1) {
      service.#port = findFreePort(port);
      try {
        await service.restart();
        return service;
      } catch (error) {
        if (start === STARTS_MAX || !/in use/i.test(String(error))) throw error;
      }
    }
  }

  get port(): number {
    return this.#port;
  }

  /** Starts it again at its port, when it does not run. */
  async restart(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#spawn();
    await this.#answers();
  }

  /** Stops it in order; by force after 3 s. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill("SIGCONT");
    child.kill(this.#kind.stopSignal ?? "SIGTERM");
    const cancel = systemClock.schedule(STOP_MS_MAX, () => child.kill("SIGKILL"));
    await child.exited;
    cancel();
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
  }

  /** SIGSTOP: its connections stay, and nothing is answered. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Kills it and removes all that it keeps; `restart` begins anew. */
  async wipe(): Promise<void> {
    await this.kill();
    this.#kind.forget();
  }

  /** Resolves when the process is over, with its exit code. */
  get exited(): Promise<number> {
    return this.#child?.exited ?? Promise.resolve(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #spawn(): void {
    const child = Bun.spawn([...this.#kind.command(this.#port)], {
      env: { PATH: process.env.PATH, ...this.#kind.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#lines = [];
    for (const output of [child.stdout, child.stderr]) {
      void prefixLines(output, "", (line) => {
        this.#lines = [...this.#lines, line].slice(-LINES_KEPT);
      });
    }
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
      if (await this.#kind.answers(this.#port).catch(() => false)) return;
      await new Promise<void>((resolve) => systemClock.schedule(LOOK_MS, resolve));
    }
    await this.kill();
    const said = this.#lines.join("\n");
    throw new Error(`cannot start ${this.#kind.name} at ${HOST}:${this.#port}: it said\n${said}`);
  }
}

/** Says something to a port and gives the first bytes of the answer. */
export async function askPort(port: number, question: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = await Bun.connect({
    hostname: HOST,
    port,
    socket: {
      data: (_, bytes) => resolve(bytes.toString()),
      close: () => reject(new Error("closed")),
      error: (_, error) => reject(error),
    },
  });
  if (question !== "") socket.write(question);
  try {
    return await promise;
  } finally {
    socket.end();
  }
}

/** The first port from `port` on that is free at this moment; any for 0. */
export function findFreePort(port: number): number {
  for (let wanted = port; ; wanted += 1) {
    try {
      const probe = Bun.listen({ hostname: HOST, port: wanted, socket: { data: () => undefined } });
      const found = probe.port;
      probe.stop(true);
      return found;
    } catch (error) {
      if (wanted === 0 || wanted >= port + PORTS_TRIED_MAX) throw error;
    }
  }
}

// One process that is kept alive until it is told to stop.
import type { Clock } from "#shared/time/clock.ts";
import { Backoff } from "./backoff.ts";
import { prefixLines } from "./prefix-lines.ts";

export interface ProcessPlan {
  /** How it is called on screen. */
  readonly name: string;
  /** What Bun runs: a file and its arguments. */
  readonly parameters: readonly string[];
  /** More of them, until it has been ready once. */
  readonly parametersOnce?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A process that never came up is given up after this many tries. */
  readonly triesMax?: number;
  /** Settings that keep it at its address when it is started again. */
  pin?(port: string): Record<string, string>;
}

export interface Supervision {
  readonly clock: Clock;
  write(line: string): void;
  /** The process cannot work, and starting it again would not help. */
  failed(exitCode: number, reason: string): void;
}

const START_TRIES_MAX = 5;
const CONFIGURATION_EXIT_CODE = 78;

/** Starts a process, starts it again when it dies, and stops it. */
export class SupervisedProcess {
  readonly #plan: ProcessPlan;
  readonly #supervision: Supervision;
  readonly #backoff = new Backoff();
  readonly #ready = Promise.withResolvers<URL>();
  #child: Bun.Subprocess<"ignore", "pipe", "pipe"> | undefined;
  #cancelRestart: (() => void) | undefined;
  #pinned: Record<string, string> = {};
  #isStopping = false;
  #wasReady = false;
  /** Whether the present child has said that it is ready. */
  #isReady = false;
  #publicUrl: string | undefined;
  #tries = 0;

  constructor(plan: ProcessPlan, supervision: Supervision) {
    this.#plan = plan;
    this.#supervision = supervision;
  }

  /** Where others reach it, when it said so. */
  get publicUrl(): string | undefined {
    return this.#publicUrl;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** Starts the process; resolves with its address once it can be used. */
  async start(): Promise<URL> {
    this.#spawn();
    return await this.#ready.promise;
  }

  /** Asks the process to stop, forces it after `withinMs`, and tells whether it went in order. */
  async stop(withinMs: number): Promise<boolean> {
    this.#isStopping = true;
    this.#cancelRestart?.();
    const child = this.#child;
    if (child === undefined) return true;
    let isForced = false;
    const cancel = this.#supervision.clock.schedule(withinMs, () => {
      isForced = true;
      child.kill("SIGKILL");
    });
    child.kill("SIGTERM");
    const exitCode = await child.exited;
    cancel();
    if (isForced) this.#say(`did not stop within ${withinMs} ms and was forced`);
    // A child that the signal met before it could listen to signals has nothing open yet.
    return exitCode === 0 || (child.signalCode === "SIGTERM" && !this.#isReady);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#isStopping = true;
    this.#child?.kill("SIGKILL");
  }

  #spawn(): void {
    const { plan, clock } = { plan: this.#plan, clock: this.#supervision.clock };
    const startMs = clock.monotonicMs();
    this.#tries += 1;
    const once = this.#wasReady ? [] : (plan.parametersOnce ?? []);
    const child = Bun.spawn([process.execPath, ...plan.parameters, ...once], {
      env: { ...plan.environment, ...this.#pinned },
      stdio: ["ignore", "pipe", "pipe"],
      // Its own process group: Ctrl-C reaches only the supervisor, which keeps the order.
      detached: true,
      ipc: (message) => this.#hear(message),
    });
    this.#child = child;
    this.#isReady = false;
    this.#say(`runs as process ${child.pid}`);
    const prefix = `${plan.name} | `;
    const output = [child.stdout, child.stderr].map((stream) =>
      prefixLines(stream, prefix, (line) => this.#supervision.write(line)),
    );
    void Promise.all([child.exited, ...output]).then(([exitCode]) => {
      this.#child = undefined;
      if (!this.#isStopping) this.#recover(exitCode, clock.monotonicMs() - startMs);
    });
  }

  #hear(message: unknown): void {
    if (!isReadyMessage(message)) return;
    const url = new URL(message.url);
    this.#publicUrl = message.publicUrl;
    this.#wasReady = true;
    this.#isReady = true;
    this.#pinned =
      this.#plan.pin?.(message.port === undefined ? url.port : String(message.port)) ?? {};
    this.#ready.resolve(url);
  }

  #recover(exitCode: number, lifeMs: number): void {
    const { clock, failed } = this.#supervision;
    if (exitCode === CONFIGURATION_EXIT_CODE) {
      failed(exitCode, `${this.name} refused its configuration, see above`);
      return;
    }
    const { triesMax = START_TRIES_MAX } = this.#plan;
    if (!this.#wasReady && this.#tries >= triesMax) {
      failed(1, `${this.name} did not come up in ${triesMax} tries, see above`);
      return;
    }
    const delayMs = this.#backoff.next(lifeMs);
    this.#say(`ended with code ${exitCode}; it starts again in ${delayMs} ms`);
    this.#cancelRestart = clock.schedule(delayMs, () => this.#spawn());
  }

  #say(text: string): void {
    this.#supervision.write(`tessera | ${this.name} ${text}`);
  }
}

interface ReadyMessage {
  readonly url: string;
  readonly publicUrl?: string;
  /** Where it listens, when that is not the port of `url`. */
  readonly port?: number;
}

function isReadyMessage(message: unknown): message is ReadyMessage {
  if (typeof message !== "object" || message === null) return false;
  const { type, url, publicUrl, port }: Readonly<Record<string, unknown>> = { ...message };
  const isPublicUrl = publicUrl === undefined || typeof publicUrl === "string";
  const isPort = port === undefined || typeof port === "number";
  return type === "ready" && typeof url === "string" && URL.canParse(url) && isPublicUrl && isPort;
}

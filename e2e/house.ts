// `bun start` as a user runs it, for tests of the whole house.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";

const ROOT = join(import.meta.dir, "..");

/** A running `bun start` on free ports over a folder of its own. */
export class House implements AsyncDisposable {
  readonly #folder = createTempDir();
  readonly #environment: Record<string, string | undefined>;
  #lines: string[] = [];
  #child: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;

  private constructor(environment: Record<string, string>) {
    this.#environment = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TESSERA_DATA: this.data,
      ...environment,
    };
  }

  /** Starts everything and waits until it can be used; later starts keep the ports. */
  static async start(environment: Record<string, string> = {}): Promise<House> {
    const house = new House({
      TESSERA_PORT: "0",
      TESSERA_SHARD_PORT: "0",
      TESSERA_BOTS: "0",
      ...environment,
    });
    await house.restart();
    house.#environment.TESSERA_PORT = new URL(house.url).port;
    house.#environment.TESSERA_SHARD_PORT = house.#find(
      /shard=arena:1:eu-west-1 address=ws:\/\/127\.0\.0\.1:(\d+)\/game/,
    );
    return house;
  }

  get data(): string {
    return join(this.#folder.path, "data");
  }

  get url(): string {
    return this.#find(/(http:\/\/127\.0\.0\.1:\d+)\/play/);
  }

  /** What it has said since its last start. */
  get output(): string {
    return this.#lines.join("\n");
  }

  /** Starts it again over the same data and ports. */
  async restart(): Promise<void> {
    await this.stop();
    this.#lines = [];
    const child = Bun.spawn([process.execPath, "run", "start"], {
      cwd: ROOT,
      env: this.#environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    void this.#read(child.stdout);
    await until("the house", () => {
      if (child.exitCode !== null) throw new Error(`the house ended early:\n${this.output}`);
      return this.output.includes("Tessera is running");
    });
  }

  /** Stops everything in order; the result is the exit code. */
  async stop(): Promise<number> {
    const child = this.#child;
    if (child === undefined) return 0;
    this.#child = undefined;
    child.kill("SIGTERM");
    return await child.exited;
  }

  /** Sends a signal to the arena's process. */
  signalShard(signal: NodeJS.Signals): void {
    process.kill(this.shardProcess, signal);
  }

  /** Number of the arena's latest process. */
  get shardProcess(): number {
    return this.processOf("arena:1:eu-west-1");
  }

  /** Number of the latest process of a shard. */
  processOf(shardKey: string): number {
    return Number(this.#find(new RegExp(`shard ${shardKey} runs as process (\\d+)`)));
  }

  /** Removes all data, as `rm -r data` does; only while stopped. */
  forget(): void {
    rmSync(this.data, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#folder[Symbol.dispose]();
  }

  /** The first group of the last match in the output. */
  #find(pattern: RegExp): string {
    const found = [...this.output.matchAll(new RegExp(pattern, "g"))].at(-1)?.[1];
    if (found === undefined) throw new Error(`cannot find ${pattern} in:\n${this.output}`);
    return found;
  }

  async #read(stdout: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      this.#lines.push(...lines);
    }
  }
}

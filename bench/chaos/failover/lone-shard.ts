import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import { prefixLines } from "#shared/infra/supervision/prefix-lines.ts";

const MAIN = join(import.meta.dir, "../../../shards/main.ts");
const ARENA = ["--region", "eu-west-1", "--world", "arena"];
/** Of what it says; a takeover takes a dozen. */
const LINES_MAX = 500;

/** A shard's process that nobody starts again, so that its end can be looked at. */
export class LoneShard {
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly #read: Promise<unknown>;
  #lines: string[] = [];

  constructor(flags: readonly string[], environment: Readonly<Record<string, string>>) {
    const { PATH, HOME } = process.env;
    this.#child = Bun.spawn([process.execPath, MAIN, ...ARENA, ...flags], {
      env: { ...SHARD_ENGINE, PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hear = (line: string) => {
      this.#lines = [...this.#lines, line].slice(-LINES_MAX);
    };
    const { stdout, stderr } = this.#child;
    this.#read = Promise.all([stdout, stderr].map((stream) => prefixLines(stream, "", hear)));
    process.once("exit", this.#abandon);
    void this.#child.exited.then(() => process.off("exit", this.#abandon));
  }

  get output(): string {
    return this.#lines.join("\n");
  }

  /** Undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#child.exitCode ?? undefined;
  }

  /** The last thing that it said of this kind. */
  find(pattern: RegExp): string | undefined {
    return this.#lines.findLast((line) => pattern.test(line))?.match(pattern)?.[1];
  }

  /** Where it answers over HTTP, as a standby or as the shard; undefined before it does. */
  get url(): string | undefined {
    const address = this.find(/shard is serving .*address=(\S+)/);
    if (address !== undefined) return address.replace(/^ws(.*)\/game$/, "http$1");
    const port = this.find(/standing by .*port=(\d+)/);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** What it says of itself; undefined when it does not answer. */
  async health(): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { url } = this;
    if (url === undefined) return undefined;
    try {
      const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1_000) });
      const health: Record<string, unknown> = await response.json();
      return health;
    } catch {
      return undefined;
    }
  }

  /** Whether it serves players. */
  async isServing(): Promise<boolean> {
    return (await this.health())?.status === "serving";
  }

  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void {
    if (this.exitCode === undefined) this.#child.kill(signal);
  }

  /** Its exit code, once all that it said is there. */
  async ended(): Promise<number> {
    const code = await this.#child.exited;
    await this.#read;
    return code;
  }

  readonly #abandon = () => this.#child.kill("SIGKILL");
}

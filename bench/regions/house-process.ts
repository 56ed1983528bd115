import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
/** Lines of its log that are kept; what comes after them is not. */
const LINES_MAX = 5_000;

/** A server or shard as a process of its own, with all that it says. */
export class HouseProcess {
  /** Where it is reached, once it is. */
  url = "";
  /** Resolves when it serves; rejects when it ends before, with what it said. */
  readonly ready: Promise<void>;
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly #lines: string[] = [];
  readonly #read: Promise<unknown>;

  /** `command` is its file, from the root of the house, and its flags. */
  constructor(command: readonly string[], settings: Record<string, string>) {
    const [entry = "", ...flags] = command;
    const { PATH = "", HOME = "" } = process.env;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#child = Bun.spawn([process.execPath, join(ROOT, entry), ...flags], {
      cwd: ROOT,
      env: { PATH, HOME, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      ipc: (message: { type?: string; url?: string }) => {
        if (message.type !== "ready" || message.url === undefined) return;
        this.url = message.url;
        resolve();
      },
    });
    const { stdout, stderr } = this.#child;
    this.#read = Promise.all([this.#keep(stdout), this.#keep(stderr)]);
    void this.ended.then((code) => {
      reject(new Error(`cannot start ${entry}: it left with ${code}\n${this.output}`));
    });
    this.ready = promise;
    // Whoever waits for its end need not wait for its start.
    promise.catch(() => undefined);
  }

  get output(): string {
    return this.#lines.join("\n");
  }

  /** Its exit code, when it has ended and all that it said is in `output`. */
  get ended(): Promise<number> {
    return this.#read.then(() => this.#child.exited);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Has it stop in order. */
  async stop(): Promise<number> {
    this.#child.kill("SIGTERM");
    return await this.ended;
  }

  async #keep(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      if (this.#lines.length < LINES_MAX) this.#lines.push(...lines);
    }
    if (rest !== "") this.#lines.push(rest);
  }
}

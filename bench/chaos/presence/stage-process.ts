import { join } from "node:path";
import { prefixLines } from "#shared/infra/supervision/prefix-lines.ts";

const ROOT = join(import.meta.dir, "../../..");
/** Of what it says, for errors. */
const LINES_MAX = 200;

/** What is run, and under which setting it is told its port. */
export interface StagePlan {
  /** From the repository's root. */
  readonly entry: string;
  readonly flags?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly portSetting: "TESSERA_PORT" | "TESSERA_SHARD_PORT";
}

type Child = Bun.Subprocess<"ignore", "pipe", "pipe">;

/** A process that nobody else starts again; it comes back at the address that it had. */
export class StageProcess {
  readonly #plan: StagePlan;
  #child: Child | undefined;
  #lines: string[] = [];
  #url: URL | undefined;

  constructor(plan: StagePlan) {
    this.#plan = plan;
    process.once("exit", this.#abandon);
  }

  /** Where it listens, since its first start. */
  get url(): URL {
    if (this.#url === undefined) throw new Error("cannot find the address: it never ran");
    return this.#url;
  }

  /** Resolves once it serves; throws with what it said when it leaves before. */
  async start(): Promise<void> {
    const { entry, flags = [], environment, portSetting } = this.#plan;
    const { PATH = "", HOME = "" } = process.env;
    const { promise, resolve, reject } = Promise.withResolvers<URL>();
    const port = this.#url?.port ?? "0";
    const child = Bun.spawn([process.execPath, join(ROOT, entry), ...flags], {
      cwd: ROOT,
      env: { PATH, HOME, ...environment, [portSetting]: port },
      stdio: ["ignore", "pipe", "pipe"],
      ipc(message: { type?: string; url?: string }) {
        if (message.type === "ready" && message.url !== undefined) resolve(new URL(message.url));
      },
    });
    this.#child = child;
    const hear = (line: string) => {
      this.#lines = [...this.#lines, line].slice(-LINES_MAX);
    };
    const reading = [child.stdout, child.stderr].map((stream) => prefixLines(stream, "", hear));
    void Promise.all([child.exited, ...reading]).then(([code]) =>
      reject(new Error(`cannot start ${entry}: it left with ${code}\n${this.#lines.join("\n")}`)),
    );
    this.#url = await promise;
  }

  /** The last thing that it said of this kind. */
  find(pattern: RegExp): string | undefined {
    return this.#lines.findLast((line) => pattern.test(line))?.match(pattern)?.[1];
  }

  /** SIGKILL, also of one that is frozen. */
  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  /** SIGSTOP: its port is open, and nobody answers. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Kills it for good. */
  async end(): Promise<void> {
    process.off("exit", this.#abandon);
    this.kill();
    await this.#child?.exited;
  }

  readonly #abandon = () => this.kill();
}

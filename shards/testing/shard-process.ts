// `bun run shard` as a deployment runs it.
import { join } from "node:path";
import { prefixLines } from "#shared/infra/supervision/prefix-lines.ts";
import { until } from "#shared/testing/until.ts";

const MAIN = join(import.meta.dir, "../main.ts");
const PLACE = ["--region", "eu-west-1", "--world"];

/** A shard's process, or with `--instances` the one above several; `await using` ends it. */
export class ShardProcess implements AsyncDisposable {
  readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  output = "";
  readonly #read: Promise<unknown>;

  /** Of a world in eu-west-1, on free ports unless the environment names one. */
  constructor(
    flags: readonly string[],
    environment: Readonly<Record<string, string>>,
    world: "arena" | "blocks" = "arena",
  ) {
    this.child = Bun.spawn([process.execPath, MAIN, ...PLACE, world, ...flags], {
      env: { PATH: process.env.PATH, TESSERA_SHARD_PORT: "0", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const add = (line: string) => {
      this.output += `${line}\n`;
    };
    this.#read = Promise.all([
      prefixLines(this.child.stdout, "", add),
      prefixLines(this.child.stderr, "", add),
    ]);
  }

  async says(text: string): Promise<void> {
    await until(`"${text}" from the shard, which said:\n${this.output}`, () => {
      return this.output.includes(text);
    });
  }

  /** What the latest process of a shard answers on `/health`. */
  async health(shardKey = "arena:1:eu-west-1"): Promise<Record<string, unknown>> {
    const address = this.addresses(shardKey).at(-1) ?? "";
    return await (await fetch(address.replace(/^ws(.*)game$/, "http$1health"))).json();
  }

  /** Addresses at which instances said to serve, oldest first, by shard key. */
  addresses(shardKey: string): string[] {
    const said = new RegExp(`shard is serving shard=${shardKey} address=(\\S+)`, "g");
    return [...this.output.matchAll(said)].map(([, address = ""]) => address);
  }

  /** The latest process of an instance. */
  processOf(shardKey: string): number {
    const said = new RegExp(`shard ${shardKey} runs as process (\\d+)`, "g");
    return Number([...this.output.matchAll(said)].at(-1)?.[1]);
  }

  /** The exit code, once all output is there. */
  async ended(): Promise<number> {
    const code = await this.child.exited;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.exited;
  }
}

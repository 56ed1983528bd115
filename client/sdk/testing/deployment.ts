import { join } from "node:path";
import type { Subprocess } from "bun";
import { createTempDir } from "#shared/testing/temp-dir.ts";

const ROOT = join(import.meta.dir, "../../..");
/** A process that is not ready by then has failed. */
const READY_MS_MAX = 20_000;

/** A server and one shard as real processes, with a folder of their own. */
export class Deployment implements AsyncDisposable {
  /** Stays the same when the server starts again; the shard's does not. */
  url = "";
  readonly #data = createTempDir();
  readonly #environment: Record<string, string>;
  readonly #world: "arena" | "blocks";
  #server: Subprocess | undefined;
  #shard: Subprocess | undefined;

  static async start(world: "arena" | "blocks" = "arena"): Promise<Deployment> {
    const deployment = new Deployment(world);
    await deployment.startServer();
    await deployment.startShard();
    return deployment;
  }

  private constructor(world: "arena" | "blocks") {
    this.#world = world;
    this.#environment = {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      TESSERA_DATA: this.#data.path,
      TESSERA_PORT: "0",
      TESSERA_SHARD_PORT: "0",
      TESSERA_LOG_LEVEL: "error",
    };
  }

  async startServer(): Promise<void> {
    const { child, url } = await this.#run("server/main.ts", []);
    this.#server = child;
    this.url = url;
    this.#environment.TESSERA_SERVER_URL = url;
    this.#environment.TESSERA_PORT = new URL(url).port;
  }

  async startShard(): Promise<void> {
    const flags = ["--region", "eu-west-1", "--world", this.#world];
    this.#shard = (await this.#run("shards/main.ts", flags)).child;
  }

  async stopServer(): Promise<void> {
    await end(this.#server, "SIGTERM");
  }

  /** As sudden as a power cut of the process. */
  async killShard(): Promise<void> {
    await end(this.#shard, "SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#shard, "SIGTERM");
    await end(this.#server, "SIGTERM");
    this.#data[Symbol.dispose]();
  }

  #run(entry: string, flags: readonly string[]): Promise<{ child: Subprocess; url: string }> {
    return new Promise((resolve, reject) => {
      const child = Bun.spawn({
        cmd: [process.execPath, join(ROOT, entry), ...flags],
        cwd: ROOT,
        env: this.#environment,
        stdout: "ignore",
        stderr: "inherit",
        ipc(message) {
          if (!isReady(message)) return;
          clearTimeout(timer);
          resolve({ child, url: message.url });
        },
        onExit(_child, code) {
          clearTimeout(timer);
          reject(new Error(`cannot start ${entry}: it ended with ${code}`));
        },
      });
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`cannot start ${entry}: not ready within ${READY_MS_MAX} ms`));
      }, READY_MS_MAX);
    });
  }
}

async function end(child: Subprocess | undefined, signal: NodeJS.Signals): Promise<void> {
  child?.kill(signal);
  await child?.exited;
}

function isReady(message: unknown): message is { url: string } {
  if (typeof message !== "object" || message === null) return false;
  return "type" in message && message.type === "ready" && "url" in message;
}

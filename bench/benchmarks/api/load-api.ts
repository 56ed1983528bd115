import { join } from "node:path";
import { z } from "zod";
import { readProcessUsage } from "../../load/process-usage.ts";

const MAIN = join(import.meta.dir, "main.ts");
const Hello = z.object({ url: z.string(), token: z.string() });

/** The server's app, or the bare handler with the same query. */
export type ApiForm = "app" | "bare";

/** One process that answers `players.me`. */
export class ApiServer implements AsyncDisposable {
  readonly #child: Bun.Subprocess;
  readonly #url: string;
  readonly #token: string;

  private constructor(child: Bun.Subprocess, hello: z.infer<typeof Hello>) {
    this.#child = child;
    this.#url = new URL("/trpc/players.me", hello.url).href;
    this.#token = hello.token;
  }

  /** Its database lies in the folder. */
  static async start(form: ApiForm, folder: string): Promise<ApiServer> {
    const ready = Promise.withResolvers<z.infer<typeof Hello>>();
    const child = Bun.spawn([process.execPath, MAIN, form, folder], {
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", "inherit", "inherit"],
      ipc: (message) => ready.resolve(Hello.parse(message)),
    });
    void child.exited.then((code) => ready.reject(new Error(`cannot start ${form}: code ${code}`)));
    return new ApiServer(child, await ready.promise);
  }

  /** Calls from so many callers at once for a time; any answer but 200 throws. */
  async load({ callers, seconds }: { callers: number; seconds: number }) {
    const before = this.#cpuSeconds();
    const startMs = performance.now();
    const endMs = startMs + seconds * 1_000;
    let calls = 0;
    const call = async () => {
      while (performance.now() < endMs) {
        const headers = { authorization: `Bearer ${this.#token}` };
        const response = await fetch(this.#url, { headers });
        const text = await response.text();
        if (response.status !== 200) throw new Error(`cannot measure: the answer is ${text}`);
        calls += 1;
      }
    };
    await Promise.all(Array.from({ length: callers }, call));
    const wallSeconds = (performance.now() - startMs) / 1_000;
    return { calls, wallSeconds, cpuSeconds: this.#cpuSeconds() - before };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
    await this.#child.exited;
  }

  #cpuSeconds(): number {
    const usage = readProcessUsage(this.#child.pid);
    if (usage === undefined) throw new Error("cannot measure the server: it needs Linux' /proc");
    return usage.cpuSeconds;
  }
}

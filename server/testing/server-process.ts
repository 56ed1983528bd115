/** The server as its own process, as a deployment runs it. */
import { join } from "node:path";
import { z } from "zod";
import type { Environment } from "#shared/infra/settings.ts";

const MAIN = join(import.meta.dir, "../main.ts");
const Ready = z.looseObject({ type: z.literal("ready"), url: z.string() });

/** Starts it on a free port unless the environment names one; `await using` ends it. */
export function spawnServer(environment: Environment) {
  const ready = Promise.withResolvers<string>();
  const child = Bun.spawn([process.execPath, MAIN], {
    env: { PATH: process.env.PATH, TESSERA_PORT: "0", ...environment },
    stdout: "pipe",
    stderr: "pipe",
    ipc(message) {
      ready.resolve(Ready.parse(message).url);
    },
  });
  let said = "";
  const output = Promise.all([
    readAll(child.stdout, (text) => {
      said += text;
    }),
    new Response(child.stderr).text(),
  ]);
  void child.exited.then(async (code) => {
    const [, errors] = await output;
    ready.reject(new Error(`the server left with ${code}: ${errors}`));
  });
  ready.promise.catch(() => undefined);

  return {
    /** Its address, once it can be used; rejects when it leaves before. */
    ready: ready.promise,
    /** What it has written so far. */
    said: () => said,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** How it left and what it said. */
    async end() {
      const code = await child.exited;
      const [stdout, stderr] = await output;
      return { code, stdout, stderr };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  told: (text: string) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    all += text;
    told(text);
  }
  return all;
}

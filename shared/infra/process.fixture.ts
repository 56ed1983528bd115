// A process for process.test.ts; its first argument says how it behaves.
import { reportReady, runProcess, TemporaryFailure } from "./process.ts";
import { ConfigurationError } from "./settings.ts";

const [behaviour = "works"] = process.argv.slice(2);

await runProcess(
  "fixture",
  async (stopping) => {
    if (behaviour === "wrong setting") throw new ConfigurationError("cannot use X=1: allowed is 2");
    if (behaviour === "broken")
      throw new Error("cannot open the door", { cause: new Error("rust") });
    if (behaviour === "too early") throw new TemporaryFailure("cannot find X: it is away");
    // What keeps a real process alive: something that it serves.
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("ok") });
    reportReady({ url: server.url.href, behaviour });
    console.log("ready");
    if (behaviour === "waits") await untilAborted(stopping);
    return { stop: () => stop(server) };
  },
  {
    ...(behaviour === "hangs at stop" && { stopMsMax: 50 }),
    ...(behaviour === "hangs for good" && { sameSignalMsMax: -1 }),
  },
);

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

async function stop(server: Bun.Server<unknown>): Promise<void> {
  console.log("stopping");
  if (behaviour === "fails at stop") throw new Error("cannot save: the disk is full");
  if (behaviour.startsWith("hangs")) await new Promise(() => undefined);
  await server.stop(true);
  console.log("saved");
}

// Loaded before anything else into a process that is to be profiled, and by that into each of its
// Workers: Bun's own --cpu-prof sees the main thread alone. The first SIGUSR2 starts a profile in
// every thread, the second ends it; each thread writes its file, and the main thread a file `done`
// when it knows of all.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { startThreadProfile } from "./thread-profile.ts";

/** How long the main thread waits for threads that do not answer. */
const ANSWER_MS_MAX = 5_000;

const folder = process.env.BENCH_PROFILE_FOLDER ?? ".";
const channel = new BroadcastChannel("tessera-bench-profile");
let stopProfile: (() => Promise<string>) | undefined;
let workers = 0;
let written = 0;

if (isMainThread) {
  profileWorkersToo();
  process.on("SIGUSR2", () => void toggle());
  channel.onmessage = ({ data }) => {
    if (data === "written") written += 1;
    // A thread that was started while the others were profiled already.
    else if (data === "loaded" && stopProfile !== undefined) channel.postMessage("start");
  };
} else {
  channel.onmessage = async ({ data }) => {
    if (data === "start") await start();
    else if (data === "stop") {
      await write();
      channel.postMessage("written");
    }
  };
  channel.postMessage("loaded");
}

async function toggle(): Promise<void> {
  if (stopProfile === undefined) {
    channel.postMessage("start");
    await start();
    return;
  }
  channel.postMessage("stop");
  await write();
  const untilMs = performance.now() + ANSWER_MS_MAX;
  while (written < workers && performance.now() < untilMs) await Bun.sleep(20);
  writeFileSync(join(folder, "done"), "");
}

async function start(): Promise<void> {
  stopProfile ??= await startThreadProfile();
}

async function write(): Promise<void> {
  if (stopProfile === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${threadName()}.cpuprofile`), await stopProfile());
  stopProfile = undefined;
}

/** After the file that the thread runs: `shards-main-0`, `persistence-worker-1`. */
function threadName(): string {
  const file = basename(Bun.main).replace(/\.\w+$/, "");
  return `${basename(dirname(Bun.main))}-${file}-${threadId}`;
}

function profileWorkersToo(): void {
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      super(url, { ...options, preload: [...[options.preload ?? []].flat(), import.meta.path] });
      workers += 1;
    }
  };
}

// Loaded before anything else into a process that is to be profiled, and by that into each of its
// Workers: Bun's own --cpu-prof sees the main thread alone. The first SIGUSR2 starts a profile in
// every thread, the second ends it; each thread writes its file, and the main thread the files
// `started` and `done` when it knows of all.
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMainThread, threadId } from "node:worker_threads";
import { startThreadProfile } from "./thread-profile.ts";

/** How long the main thread waits for threads that do not answer. */
const ANSWER_MS_MAX = 5_000;

const folder = process.env.BENCH_PROFILE_FOLDER ?? ".";
const channel = new BroadcastChannel("tessera-bench-profile");
let stopProfile: (() => Promise<string>) | undefined;
/** Workers that were started, and those that have done what the main thread told them last. */
let workers = 0;
let answers = 0;

if (isMainThread) {
  mkdirSync(folder, { recursive: true });
  profileWorkersToo();
  process.on("SIGUSR2", () => void (stopProfile === undefined ? startAll() : stopAll()));
  channel.onmessage = ({ data }) => {
    if (data === "done") answers += 1;
    // A thread that was started while the others were profiled already.
    else if (data === "loaded" && stopProfile !== undefined) channel.postMessage("start");
  };
} else {
  channel.onmessage = async ({ data }) => {
    // The other Workers' answers come here too.
    if (data !== "start" && data !== "stop") return;
    await (data === "start" ? start() : write());
    channel.postMessage("done");
  };
  channel.postMessage("loaded");
}

async function startAll(): Promise<void> {
  answers = 0;
  channel.postMessage("start");
  await start();
  await awaitWorkers();
  writeFileSync(join(folder, "started"), "");
}

async function stopAll(): Promise<void> {
  answers = 0;
  channel.postMessage("stop");
  await write();
  await awaitWorkers();
  writeFileSync(join(folder, "done"), "");
}

async function awaitWorkers(): Promise<void> {
  const untilMs = performance.now() + ANSWER_MS_MAX;
  while (answers < workers && performance.now() < untilMs) await Bun.sleep(5);
}

async function start(): Promise<void> {
  stopProfile ??= await startThreadProfile();
}

async function write(): Promise<void> {
  if (stopProfile === undefined) return;
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

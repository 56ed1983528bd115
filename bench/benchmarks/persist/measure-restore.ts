// How long a shard that was killed takes to serve again: a process started as a supervisor does,
// over a database as a running shard leaves it, until `/ready` says so. Beside it the same process
// without a past, and one of Bun that only says that it runs.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SHARD_ENGINE } from "#shared/infra/shard-engine.ts";
import { serveLeases } from "../../../shards/testing/paper-authority.ts";
import type { Figures } from "../../run/benchmark.ts";
import { Durations } from "./durations.ts";
import { leaveKilled } from "./leave-killed.ts";

const ROOT = join(import.meta.dir, "../../..");
const SHARD = ["shards/main.ts", "--region", "eu-west-1", "--world", "arena"];
const BARE = ["-e", "process.send({})"];

export interface RestoreOptions {
  readonly folder: string;
  readonly entities: number;
  /** Ticks after the newest snapshot, and between two of them. */
  readonly journalTicks: number;
  readonly starts: number;
}

/** All three by turns, so that what slows the machine for a while slows all. */
export async function measureRestore(options: RestoreOptions): Promise<Figures> {
  const { folder, starts } = options;
  const killed = await leaveKilled(options);
  await using server = serveLeases();
  const bare = new Durations();
  const empty = new Durations();
  const restored = new Durations();
  const data = join(folder, "data");
  const timeOf = (command: readonly string[]) => {
    return timeStart(command, { TESSERA_DATA: data, TESSERA_SERVER_URL: server.url });
  };
  for (let start = 0; start < starts; start++) {
    bare.add(await timeOf(BARE));
    empty.add(await timeOf(SHARD));
    rmSync(data, { recursive: true });
    cpSync(killed, data, { recursive: true });
    restored.add(await timeOf(SHARD));
    rmSync(data, { recursive: true });
  }
  const bareMs = bare.quantile(0.5);
  const restoredMs = restored.quantile(0.5);
  return {
    restoreMs: restoredMs - bareMs,
    restoreMsMax: restored.quantile(1) - bareMs,
    emptyStartMs: empty.quantile(0.5) - bareMs,
    bareProcessMs: bareMs,
  };
}

/** Milliseconds from the start of a process until it is ready; then it is killed. */
async function timeStart(
  command: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const told = Promise.withResolvers<unknown>();
  const startNs = Bun.nanoseconds();
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...SHARD_ENGINE,
      ...settings,
      TESSERA_SHARD_PORT: "0",
      TESSERA_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message) => told.resolve(message),
  });
  void child.exited.then((code) => {
    told.reject(new Error(`cannot measure restore: the process left with code ${code}`));
  });
  try {
    const message = await told.promise;
    if (hasUrl(message)) await expectReady(message.url);
    return (Bun.nanoseconds() - startNs) / 1e6;
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
}

function hasUrl(message: unknown): message is { url: string } {
  const isObject = typeof message === "object" && message !== null;
  return isObject && "url" in message && typeof message.url === "string";
}

async function expectReady(url: string): Promise<void> {
  const response = await fetch(new URL("/ready", url.replace(/^ws/, "http")));
  if (!response.ok) throw new Error(`cannot measure restore: /ready says ${response.status}`);
}

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const PRELOAD = join(import.meta.dir, "preload.ts");
/** A process that has not done as it was told by then never will. */
const ANSWER_MS_MAX = 15_000;

/** What the environment of a Bun process must hold so that its threads can be profiled. */
export function profileEnvironment(folder: string | undefined): Record<string, string> {
  if (folder === undefined) return {};
  mkdirSync(folder, { recursive: true });
  return { BUN_OPTIONS: `--preload=${PRELOAD}`, BENCH_PROFILE_FOLDER: folder };
}

/**
 * Profiles all threads of a process that was started with `profileEnvironment`, while `work` runs.
 * Without a folder it only runs `work`.
 */
export async function profileProcess<T>(
  target: { readonly pid: number; readonly folder: string | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const { pid, folder } = target;
  if (folder === undefined) return work();
  process.kill(pid, "SIGUSR2");
  await awaitFile(join(folder, "started"));
  try {
    return await work();
  } finally {
    process.kill(pid, "SIGUSR2");
    await awaitFile(join(folder, "done"));
  }
}

/** The profiles in a folder. */
export function listProfiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".cpuprofile"));
  return files.sort().map((file) => join(folder, file));
}

async function awaitFile(file: string): Promise<void> {
  const untilMs = performance.now() + ANSWER_MS_MAX;
  while (!existsSync(file)) {
    if (performance.now() > untilMs) throw new Error(`cannot profile: ${file} was not written`);
    await Bun.sleep(20);
  }
}

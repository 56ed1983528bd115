import { mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

/** Between two samples of a thread's stack. */
const INTERVAL_MICROS = 1_000;

/**
 * Samples the stack of the calling thread until the result is called, which gives the profile as
 * `.cpuprofile` files hold it.
 */
export async function startThreadProfile(): Promise<() => Promise<string>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_MICROS });
  await session.post("Profiler.start");
  return async () => {
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    return JSON.stringify(profile);
  };
}

/** Profiles the calling thread while `work` runs; without a folder it only runs `work`. */
export async function profileSelf<T>(
  folder: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (folder === undefined) return work();
  const stop = await startThreadProfile();
  try {
    return await work();
  } finally {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "benchmark.cpuprofile"), await stop());
  }
}

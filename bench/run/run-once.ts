import { join } from "node:path";
import { z } from "zod";
import type { Benchmark, Figures, Params } from "./benchmark.ts";

/** A run that takes longer hangs. */
const RUN_MINUTES_MAX = 40;
const MAIN = join(import.meta.dir, "one/main.ts");
const Answer = z.object({ figures: z.record(z.string(), z.number()) });

/** A run ended without figures; its process has said why. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/** Runs a benchmark once in a process of its own. */
export async function runOnce(
  benchmark: Benchmark,
  params: Params,
  profileFolder: string | undefined,
): Promise<Figures> {
  let figures: Figures | undefined;
  const child = Bun.spawn({
    cmd: [process.execPath, MAIN, JSON.stringify({ name: benchmark.name, params, profileFolder })],
    stdio: ["ignore", "inherit", "inherit"],
    timeout: RUN_MINUTES_MAX * 60_000,
    ipc: (message) => {
      figures = Answer.parse(message).figures;
    },
  });
  const code = await child.exited;
  if (figures !== undefined) return figures;
  const why = child.signalCode === null ? `exit code ${code}` : `${child.signalCode}`;
  throw new RunError(`cannot measure ${benchmark.name}: its process ended with ${why}`);
}

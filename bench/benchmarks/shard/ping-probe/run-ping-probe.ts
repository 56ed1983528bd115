import { join } from "node:path";
import type { Admission, Door } from "../../../load/admission.ts";
import type { Percentiles } from "../../../load/histogram.ts";

/** What the probe's process is told. */
export interface PingOrder {
  readonly doors: readonly Door[];
  readonly seconds: number;
  readonly world: ProbedWorld;
}

/** Whose wire is spoken. */
export type ProbedWorld = "arena" | "blocks";

export interface PingAnswer {
  readonly ping: Percentiles;
  readonly lost: number;
}

/** Each pings twice a second. */
const CLIENTS = 40;
/** Numbers that no client of the crowd has. */
const FIRST_INDEX = 1_000_000;

/** Pings a shard for so long from a process that has nothing else to do. */
export async function runPingProbe(
  admission: Admission,
  seconds: number,
  world: ProbedWorld = "arena",
): Promise<PingAnswer> {
  const doors = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => admission.admit(FIRST_INDEX + index)),
  );
  const order: PingOrder = { doors, seconds, world };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "main.ts")], {
    stdin: new Blob([JSON.stringify(order)]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error("cannot ping: the probe left with an error");
  return JSON.parse(text);
}

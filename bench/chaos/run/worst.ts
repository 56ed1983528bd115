import type { BarRule, Figures } from "../../run/benchmark.ts";
import { median } from "../../run/medians.ts";

/**
 * Figure by figure what several runs came to: the worst where a bar hangs on it, else the median.
 * `trials` are added up. A figure that a run lacks is an error.
 */
export function mergeWorst(runs: readonly Figures[], bars: readonly BarRule[]): Figures {
  const merged: Figures = {};
  for (const metric of Object.keys(runs[0] ?? {})) {
    const values = runs.map((run) => run[metric] ?? Number.NaN).sort((one, other) => one - other);
    if (values.some(Number.isNaN))
      throw new Error(`cannot merge runs: one of them lacks ${metric}`);
    if (metric === TRIALS) {
      merged[metric] = values.reduce((sum, value) => sum + value, 0);
      continue;
    }
    merged[metric] =
      worstOf(
        values,
        bars.find((bar) => bar.metric === metric),
      ) ?? median(values);
  }
  return merged;
}

/** Whether a run keeps a bar. */
export function isMet({ metric, op, bound }: BarRule, figures: Figures): boolean {
  const value = figures[metric];
  if (value === undefined) throw new Error(`cannot judge ${metric}: it was not measured`);
  return op === "<=" ? value <= bound : op === ">=" ? value >= bound : value === bound;
}

/** How many times a run has tried the same thing. */
const TRIALS = "trials";

function worstOf(ascending: readonly number[], bar: BarRule | undefined): number | undefined {
  if (bar === undefined) return undefined;
  if (bar.op === "<=") return ascending.at(-1);
  if (bar.op === ">=") return ascending[0];
  return ascending.find((value) => value !== bar.bound) ?? bar.bound;
}

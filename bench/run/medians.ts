import type { BarRule, Figures } from "./benchmark.ts";

/**
 * Figure by figure the median of several runs. Of those that a bar is about, the least and the
 * greatest are kept too, as `…Lowest` and `…Highest`. A figure that a run lacks is an error.
 */
export function mergeRuns(runs: readonly Figures[], bars: readonly BarRule[]): Figures {
  const [first] = runs;
  if (first === undefined) throw new Error("cannot merge runs: there is none");
  const merged: Figures = {};
  for (const metric of Object.keys(first)) {
    const values = runs.map((run) => readFigure(run, metric)).sort((left, right) => left - right);
    merged[metric] = median(values);
    if (runs.length === 1 || !bars.some((bar) => bar.metric === metric)) continue;
    merged[`${metric}Lowest`] = values[0] ?? Number.NaN;
    merged[`${metric}Highest`] = values.at(-1) ?? Number.NaN;
  }
  return merged;
}

/** The middle of sorted numbers, or the mean of the two in the middle. */
export function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined)
    throw new Error("cannot take a median of nothing");
  return (lower + upper) / 2;
}

function readFigure(run: Figures, metric: string): number {
  const value = run[metric];
  if (value === undefined) throw new Error(`cannot merge runs: one of them lacks ${metric}`);
  return value;
}

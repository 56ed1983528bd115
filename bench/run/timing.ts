import { median } from "./medians.ts";

export interface TimingOptions {
  /** Before anything counts, so that the code is compiled. */
  readonly warmUpMs?: number;
  readonly sampleMs?: number;
  readonly samples?: number;
}

/** Returns a number that depends on what it did, so that none of it can be left out. */
export type TimedWork = () => number;

/**
 * Nanoseconds that one call of each work takes: the median of several samples, each of as many
 * calls as fill its time. The works take turns, so that what slows the machine for a while slows
 * them all.
 */
export function timeByTurns(
  works: readonly TimedWork[],
  options: TimingOptions = {},
): readonly number[] {
  const { warmUpMs = 200, sampleMs = 20, samples = 15 } = options;
  const timed = works.map((work) => {
    const calls = Math.max(1, Math.round((sampleMs * 1e6) / warmUp(work, warmUpMs)));
    return { work, calls, samplesNs: new Float64Array(samples) };
  });
  for (let sample = 0; sample < samples; sample += 1) {
    for (const { work, calls, samplesNs } of timed) samplesNs[sample] = sampleNs(work, calls);
  }
  return timed.map(({ samplesNs }) => median([...samplesNs.sort()]));
}

/** Runs for the given time and returns nanoseconds per call in its second half. */
function warmUp(work: TimedWork, warmUpMs: number): number {
  const startNs = Bun.nanoseconds();
  while (Bun.nanoseconds() - startNs < (warmUpMs * 1e6) / 2) check(work());
  const middleNs = Bun.nanoseconds();
  let calls = 0;
  while (calls === 0 || Bun.nanoseconds() - middleNs < (warmUpMs * 1e6) / 2) {
    check(work());
    calls += 1;
  }
  return (Bun.nanoseconds() - middleNs) / calls;
}

function sampleNs(work: TimedWork, calls: number): number {
  let sum = 0;
  const startNs = Bun.nanoseconds();
  for (let call = 0; call < calls; call += 1) sum += work();
  const endNs = Bun.nanoseconds();
  check(sum);
  return (endNs - startNs) / calls;
}

function check(result: number): void {
  if (Number.isNaN(result)) throw new Error("cannot time work: its result is not a number");
}

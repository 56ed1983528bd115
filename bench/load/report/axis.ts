/** A scale from 0 with round steps. */
export interface Axis {
  readonly max: number;
  readonly ticks: readonly number[];
}

/** Goes from 0 to at least `greatest`, in about `count` steps of 1, 2, 2.5 or 5 times 10^n. */
export function createAxis(greatest: number, count = 5): Axis {
  const wanted = Math.max(greatest, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
  const steps = Math.max(1, Math.ceil(greatest / step - 1e-9));
  // Multiplied, not added up: no 0.30000000000000004.
  const ticks = Array.from({ length: steps + 1 }, (_, index) => {
    return Number((index * step).toPrecision(12));
  });
  return { max: ticks.at(-1) ?? step, ticks };
}

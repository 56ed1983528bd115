import { BlocksKind } from "#shared/sim/index.ts";
import { COUNTED, type Porter } from "./porter.ts";

/** How many there are of each counted kind, carried, lying about and built. */
export type Census = ReadonlyMap<number, number>;

/**
 * Counts what all players carry, and what lies about and stands in all that any of them sees;
 * undefined while not everybody sees all of `chunks`, which are the chunks of an earlier count.
 */
export function takeCensus(porters: readonly Porter[], chunks: Set<number>): Census | undefined {
  const counts = new Map(COUNTED.map((item) => [item, 0]));
  const add = (item: number, count: number) => {
    const known = counts.get(item);
    if (known !== undefined) counts.set(item, known + count);
  };
  const isFirst = chunks.size === 0;
  const seen = new Set<number>();
  const lying = new Set<number>();
  for (const porter of porters) {
    for (const item of COUNTED) add(item, porter.carries(item));
    for (const { kind, id, item, count } of porter.session.sample().others) {
      if (kind !== BlocksKind.Item || lying.has(id)) continue;
      lying.add(id);
      add(item, count);
    }
    for (const { cell, ids } of porter.session.land.chunks()) {
      if (seen.has(cell)) continue;
      seen.add(cell);
      if (isFirst) chunks.add(cell);
      if (chunks.has(cell)) for (const id of ids) add(id, 1);
    }
  }
  return [...chunks].every((cell) => seen.has(cell)) ? counts : undefined;
}

/** Items that there are and should not be, and that lack. */
export function compareCensus(
  before: Census,
  now: Census | undefined,
): { surplus: number; lacking: number } {
  let [surplus, lacking] = [0, 0];
  for (const [item, count] of before) {
    const difference = (now?.get(item) ?? 0) - count;
    if (difference > 0) surplus += difference;
    else lacking -= difference;
  }
  return { surplus, lacking };
}

/** Which names are written where a crowd is too dense for all of them: pure numbers. */

/** A name that would stand over a head; CSS pixels. */
export interface LabelBox {
  readonly id: number;
  /** Middle of its lower edge. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The least is written first. */
  readonly rank: number;
}

/** Names written at most; beyond it there is more text than picture. */
export const NAMES_MAX = 48;
/** Part of its size by which a name that is written already may be covered and stays. */
const TOLERANCE = 0.35;

/**
 * Chooses names that do not cover each other, the nearest first. One that was written in the last
 * frame goes before those that were not, and gives way later than it would have come, so that names
 * do not flicker while people pass each other.
 */
export class LabelLayout {
  #written = new Set<number>();

  /** Of these boxes, the ids of those whose names are to be written. */
  choose(boxes: readonly LabelBox[]): ReadonlySet<number> {
    const before = this.#written;
    const isNew = (box: LabelBox) => (box.rank > 0 && !before.has(box.id) ? 1 : 0);
    const sorted = [...boxes].sort((a, b) => isNew(a) - isNew(b) || a.rank - b.rank);
    const placed: LabelBox[] = [];
    for (const box of sorted) {
      if (placed.length >= NAMES_MAX) break;
      const tolerance = before.has(box.id) ? TOLERANCE : 0;
      if (!placed.some((other) => covers(other, box, tolerance))) placed.push(box);
    }
    this.#written = new Set(placed.map(({ id }) => id));
    return this.#written;
  }
}

function covers(a: LabelBox, b: LabelBox, tolerance: number): boolean {
  const part = 1 - tolerance;
  return (
    Math.abs(a.x - b.x) < ((a.width + b.width) / 2) * part &&
    Math.abs(a.y - b.y) < ((a.height + b.height) / 2) * part
  );
}

import { CellChanges } from "#shared/time/cell-changes.ts";

/** Writes that one tick is given: about three milliseconds of it. */
export const TICK_CELLS_MAX = 1_000;
/** Chunks that they may touch: one that nobody was near is made from the seed, in half a ms. */
export const TICK_CHUNKS_MAX = 16;
const CHUNK_SHIFT = 4;
/** Fewer than this are taken in the order in which they came. */
const SORTED_MIN = 64;

/** Writes of other regions on their way into the world, a part with each tick, chunk by chunk. */
export class RemoteBacklog<Owner> {
  readonly #waiting: { cells: CellChanges; next: number; owner: Owner }[] = [];

  /** Writes that wait. */
  get length(): number {
    return this.#waiting.reduce((sum, { cells, next }) => sum + cells.length - next, 0);
  }

  /** Takes writes; whoever owns them is told by `take` when the last of them is taken. */
  add(cells: CellChanges, owner: Owner): void {
    this.#waiting.push({ cells: byChunk(cells), next: 0, owner });
  }

  /** What the next tick is given, and whose writes are all taken with it. */
  take(): { cells: CellChanges; done: Owner[] } {
    const taken = new CellChanges();
    const done: Owner[] = [];
    const chunks = new Set<number>();
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const { cells } = first;
      while (first.next < cells.length && taken.length < TICK_CELLS_MAX) {
        chunks.add(chunkOf(cells, first.next));
        if (chunks.size > TICK_CHUNKS_MAX) break;
        taken.copy(cells, first.next);
        first.next += 1;
      }
      if (first.next < cells.length) break;
      this.#waiting.shift();
      done.push(first.owner);
    }
    return { cells: taken, done };
  }
}

function byChunk(cells: CellChanges): CellChanges {
  if (cells.length < SORTED_MIN) return cells;
  const chunks = Float64Array.from({ length: cells.length }, (_, row) => chunkOf(cells, row));
  const order = Uint32Array.from({ length: cells.length }, (_, row) => row);
  order.sort((one, other) => (chunks[one] ?? 0) - (chunks[other] ?? 0));
  const sorted = new CellChanges();
  for (const row of order) sorted.copy(cells, row);
  return sorted;
}

/** A number for a cell's chunk. */
function chunkOf({ x, y }: CellChanges, row: number): number {
  return ((x[row] ?? 0) >> CHUNK_SHIFT) * 0x1000_0000 + ((y[row] ?? 0) >> CHUNK_SHIFT);
}

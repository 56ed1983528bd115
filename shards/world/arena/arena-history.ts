import { type ArenaWorld, arenaTravel } from "#shared/sim/index.ts";

/** Nobody can have gone farther than to a neighbouring cell while no more than this has passed. */
const REACH_MS = 500;

/** Where everyone was at the end of each of the latest ticks; the oldest tick gives way. */
export class ArenaHistory {
  /** Ticks that one can look back. */
  readonly ticksMax: number;
  readonly xs: Uint32Array;
  readonly ys: Uint32Array;
  readonly poses: Uint8Array;
  readonly cells: Uint16Array;
  readonly #rows: number;

  constructor({ players, parameters, measures }: ArenaWorld) {
    const { tickRate } = parameters;
    this.ticksMax = Math.ceil((REACH_MS * tickRate) / 1_000) - 1;
    const reach = arenaTravel(0, this.ticksMax, tickRate) + 1;
    if (reach >= measures.grid.cellSize) {
      throw new RangeError(
        `cannot track arena: one crosses more than a cell within ${REACH_MS} ms`,
      );
    }
    this.#rows = players.capacity;
    const length = (this.ticksMax + 1) * this.#rows;
    this.xs = new Uint32Array(length);
    this.ys = new Uint32Array(length);
    this.poses = new Uint8Array(length);
    this.cells = new Uint16Array(length);
  }

  /** Where a tick's rows begin in each of the arrays. */
  at(tick: number): number {
    return (tick % (this.ticksMax + 1)) * this.#rows;
  }
}

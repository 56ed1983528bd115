import { type ArenaWorld, arenaTravel } from "#shared/sim/index.ts";

/** As far as one can look back where cells are large; more would only cost memory. */
const REACH_MS = 900;

/** Where everyone was at the end of each of the latest ticks; the oldest tick gives way. */
export class ArenaHistory {
  /** Ticks that one can look back. */
  readonly ticksMax: number;
  readonly xs: Uint32Array;
  readonly ys: Uint32Array;
  readonly poses: Uint8Array;
  readonly cells: Uint16Array;
  readonly #rows: number;

  constructor(world: ArenaWorld) {
    this.ticksMax = reachTicks(world);
    this.#rows = world.players.capacity;
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

/**
 * Ticks in which nobody goes farther than into a neighbouring cell: whoever came in within a window
 * came from there.
 */
function reachTicks({ parameters, measures }: ArenaWorld): number {
  const { tickRate } = parameters;
  let ticks = Math.floor((REACH_MS * tickRate) / 1_000);
  // A way may be longer by a tenth, depending on where the window begins.
  while (arenaTravel(0, ticks, tickRate) + 1 >= measures.grid.cellSize) ticks -= 1;
  return ticks;
}

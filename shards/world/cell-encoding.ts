import { type CellBytes, WINDOWS_MAX } from "#shared/net/cell-bytes.ts";
import type { WantedCells } from "./wanted-cells.ts";

/** How a world turns its cells into bytes. */
export interface CellEncoder {
  /** The cells that follow are encoded over the last `ticks` ticks. */
  openWindow(ticks: number): void;
  /** Whether a watcher has asked for the cell anew, or should have it, within the window. */
  isHealing(cell: number): boolean;
  encodeCell(into: CellBytes, cell: number, healing: boolean): void;
  encodeKeyframe(into: CellBytes, cell: number): void;
}

/** Encodes what is wanted; a window is so many times `intervalTicks`. */
export function encodeWanted(
  encoder: CellEncoder,
  into: CellBytes,
  { wanted, intervalTicks }: { wanted: WantedCells; intervalTicks: number },
): void {
  for (let window = 1; window <= WINDOWS_MAX; window++) {
    if (!wanted.hasWindow(window)) continue;
    encoder.openWindow(window * intervalTicks);
    into.beginWindow(window);
    for (let index = 0; index < wanted.count; index++) {
      const cell = wanted.at(index);
      if (!wanted.wantsWindow(cell, window)) continue;
      const healing = encoder.isHealing(cell);
      if (healing) wanted.addKeyframe(cell);
      encoder.encodeCell(into, cell, healing);
    }
  }
  if (!wanted.hasKeyframes) return;
  into.beginKeyframes();
  for (let index = 0; index < wanted.count; index++) {
    const cell = wanted.at(index);
    if (wanted.wantsKeyframe(cell)) encoder.encodeKeyframe(into, cell);
  }
}

/** Cells that clients have asked for anew, because what they know of them is not what is there. */
export class AskedCells {
  readonly #intervalTicks: number;
  /** By cell, the tick after which it was asked for; 0: never. */
  readonly #askedTick: Uint32Array;

  /** A cell counts as asked for once in so many ticks, however many ask. */
  constructor(options: { cells: number; intervalTicks: number }) {
    this.#intervalTicks = options.intervalTicks;
    this.#askedTick = new Uint32Array(options.cells);
  }

  ask(cell: number, tick: number): void {
    const asked = this.#askedTick[cell] ?? 0;
    if (asked === 0 || tick - asked >= this.#intervalTicks) this.#askedTick[cell] = tick;
  }

  /** Whether it was asked for in that tick or later. */
  isAskedSince(cell: number, tick: number): boolean {
    const asked = this.#askedTick[cell] ?? 0;
    return asked !== 0 && asked >= tick;
  }
}

/** Gives each cell a turn once in a period, neighbours at times that are far apart. */
export class CellTurns {
  readonly #periodTicks: number;

  constructor(periodTicks: number) {
    this.#periodTicks = periodTicks;
  }

  /** Whether the cell's turn is within the last `ticks` ticks up to `tick`. */
  isWithin(cell: number, tick: number, ticks: number): boolean {
    // Spread by the golden ratio.
    const turn = (Math.imul(cell, 0x9e3779b1) >>> 0) % this.#periodTicks;
    return (tick + turn) % this.#periodTicks < ticks;
  }
}

import { WINDOWS_MAX } from "#shared/net/cell-bytes.ts";

/** Bit of a cell's keyframe; bits below it are its windows, the shortest first. */
const KEYFRAME = 1 << WINDOWS_MAX;

/** Which cells a send tick needs, and of each what; cleared by what was put in, not by cell. */
export class WantedCells {
  readonly #wants: Uint16Array;
  readonly #cells: Uint32Array;
  #count = 0;
  #all = 0;

  constructor(cells: number) {
    this.#wants = new Uint16Array(cells);
    this.#cells = new Uint32Array(cells);
  }

  clear(): void {
    for (let index = 0; index < this.#count; index++) this.#wants[this.at(index)] = 0;
    this.#count = 0;
    this.#all = 0;
  }

  /** The cell's changes over a window of 1 to WINDOWS_MAX send intervals. */
  addWindow(cell: number, window: number): void {
    this.#add(cell, 1 << (window - 1));
  }

  addKeyframe(cell: number): void {
    this.#add(cell, KEYFRAME);
  }

  /** Cells of which anything is wanted. */
  get count(): number {
    return this.#count;
  }

  /** One of these cells. */
  at(index: number): number {
    return this.#cells[index] ?? 0;
  }

  wantsWindow(cell: number, window: number): boolean {
    return ((this.#wants[cell] ?? 0) & (1 << (window - 1))) !== 0;
  }

  wantsKeyframe(cell: number): boolean {
    return ((this.#wants[cell] ?? 0) & KEYFRAME) !== 0;
  }

  /** Whether any cell is wanted over this window. */
  hasWindow(window: number): boolean {
    return (this.#all & (1 << (window - 1))) !== 0;
  }

  get hasKeyframes(): boolean {
    return (this.#all & KEYFRAME) !== 0;
  }

  #add(cell: number, bit: number): void {
    const wants = this.#wants[cell] ?? 0;
    if (wants === 0) this.#cells[this.#count++] = cell;
    this.#wants[cell] = wants | bit;
    this.#all |= bit;
  }
}

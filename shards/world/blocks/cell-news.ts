/** When each cell last had something to tell, so that those with nothing new cost nothing. */
export class CellNews {
  readonly #ticks: Uint32Array;

  constructor(cells: number) {
    this.#ticks = new Uint32Array(cells);
  }

  /** Something of the cell is told in the frames of a tick. */
  note(cell: number, tick: number): void {
    this.#ticks[cell] = tick;
  }

  /** Whether anything of it is told after `since`. */
  hasAfter(cell: number, since: number): boolean {
    return (this.#ticks[cell] ?? 0) > since;
  }
}

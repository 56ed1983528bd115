/** Growth per step until a bound breaks. */
const GROWTH = 1.5;
/** It is found when the players that broke and those that did not are so close. */
const PRECISION = 0.05;
/** Steps after which the best so far is told. */
const STEPS_MAX = 14;

/**
 * Looks for the most players that keep all bounds: up in steps until one breaks, then halving the
 * gap. Ends after a bounded number of steps.
 */
export class LimitSearch {
  readonly #max: number;
  #next: number | undefined;
  #steps = 0;
  /** Most players that kept all bounds; 0 when none did yet. */
  held = 0;
  /** Fewest that broke one. */
  broke: number | undefined;

  constructor(start: number, max: number) {
    this.#max = max;
    this.#next = Math.min(start, max);
  }

  /** Players to try; undefined when the limit is found. */
  get next(): number | undefined {
    return this.#next;
  }

  /** How the last try went. */
  tell(players: number, held: boolean): void {
    this.#steps += 1;
    if (held) this.held = Math.max(this.held, players);
    else this.broke = Math.min(this.broke ?? Number.POSITIVE_INFINITY, players);
    this.#next = this.#steps < STEPS_MAX ? this.#choose() : undefined;
  }

  #choose(): number | undefined {
    const { held, broke } = this;
    if (broke === undefined) {
      return held >= this.#max ? undefined : Math.min(this.#max, Math.ceil(held * GROWTH));
    }
    if (broke - held <= Math.max(1, held * PRECISION)) return undefined;
    return Math.floor((held + broke) / 2);
  }
}

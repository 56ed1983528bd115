/** Who gave whom, as the players were told: kept outside of what is killed. */
export class CreditBook {
  readonly #credits: number[];
  /** Gifts that were acknowledged as done, and those that were refused. */
  done = 0;
  refused = 0;

  constructor(startCredits: readonly number[]) {
    this.#credits = [...startCredits];
  }

  /** A gift was acknowledged. */
  note(from: number, to: number, isDone: boolean): void {
    if (!isDone) {
      this.refused += 1;
      return;
    }
    this.done += 1;
    this.#credits[from] = (this.#credits[from] ?? 0) - 1;
    this.#credits[to] = (this.#credits[to] ?? 0) + 1;
  }

  /** A gift that was acknowledged is not there any more, and nobody promised that it would be. */
  forget(from: number, to: number): void {
    this.done -= 1;
    this.#credits[from] = (this.#credits[from] ?? 0) + 1;
    this.#credits[to] = (this.#credits[to] ?? 0) - 1;
  }

  get sum(): number {
    return this.#credits.reduce((sum, credits) => sum + credits, 0);
  }

  /** Credits that players have and should not, and that they lack. */
  compare(actual: readonly number[]): { surplus: number; lacking: number } {
    let [surplus, lacking] = [0, 0];
    for (const [player, credits] of this.#credits.entries()) {
      const difference = (actual[player] ?? 0) - credits;
      if (difference > 0) surplus += difference;
      else lacking -= difference;
    }
    return { surplus, lacking };
  }
}

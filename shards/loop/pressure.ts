// How hard the shard works, and how much less it sends for it. The simulation never suffers first:
// when ticks take long or a gateway falls behind, clients are sent to less often.

/**
 * Who gets fewer frames because the shard has too much to do. 0: nobody. From 1 on half as many for
 * those to whom it matters least (`relevance.ts`: 0), with each further level for those above them
 * as well, while those below come down to a quarter. 4: at most half for all; 5: a quarter.
 */
export type PressureLevel = 0 | 1 | 2 | 3 | 4 | 5;

const PRESSURE_MAX = 5;

/** A tick may take this share of its interval. */
const BUDGET_SHARE = 0.7;
/** So many publications may be on their way through a gateway. */
const UNFINISHED_MAX = 1;
/**
 * Time of hard ticks in a row that raises the level for the first time, and of easy ones, less what
 * hard ones in between cost, that lowers it. A hiccup of the machine is shorter than the one: it is
 * made up for without sending less often to anybody. What goes on is no hiccup, and is answered
 * faster: a level may well change nothing, when everybody is in a crowd.
 */
const HARD_MS = 300;
const STILL_HARD_MS = 150;
const EASY_MS = 2_000;
/**
 * What a hard tick takes from the time of easy ones. It does not end it: once a second a tick has a
 * hash to make, and by that alone a level would stay for ever.
 */
const EASY_LOST_MS = 300;

export interface TickLoad {
  durationMs: number;
  /** Publications that the slowest gateway has not finished. */
  unfinished: number;
}

/** Decides on the level, tick by tick. */
export class Pressure {
  readonly #budgetMs: number;
  readonly #hardTicks: number;
  readonly #stillHardTicks: number;
  readonly #easyTicks: number;
  readonly #easyLostTicks: number;
  #level: PressureLevel = 0;
  #hard = 0;
  #easy = 0;

  constructor(tickRate: number) {
    this.#budgetMs = (1_000 / tickRate) * BUDGET_SHARE;
    this.#hardTicks = Math.ceil((HARD_MS * tickRate) / 1_000);
    this.#stillHardTicks = Math.ceil((STILL_HARD_MS * tickRate) / 1_000);
    this.#easyTicks = Math.ceil((EASY_MS * tickRate) / 1_000);
    this.#easyLostTicks = Math.ceil((EASY_LOST_MS * tickRate) / 1_000);
  }

  get level(): PressureLevel {
    return this.#level;
  }

  /** Takes a tick into account. */
  ticked({ durationMs, unfinished }: TickLoad): void {
    const isHard = durationMs > this.#budgetMs || unfinished > UNFINISHED_MAX;
    this.#hard = isHard ? this.#hard + 1 : 0;
    this.#easy = isHard ? Math.max(0, this.#easy - this.#easyLostTicks) : this.#easy + 1;
    if (this.#hard >= this.#hardTicks) {
      this.#level = Math.min(PRESSURE_MAX, this.#level + 1) as PressureLevel;
      this.#hard -= this.#stillHardTicks;
    } else if (this.#easy >= this.#easyTicks) {
      this.#level = Math.max(0, this.#level - 1) as PressureLevel;
      this.#easy = 0;
    }
  }
}

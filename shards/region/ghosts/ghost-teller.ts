import { GhostRank, type GhostRecord, type RegionGhosts } from "../../world/region-ghosts.ts";
import { GHOSTS_IN_MESSAGE_MAX, type GhostTelling, GONE_IN_MESSAGE_MAX } from "./ghost-columns.ts";

/** Who is told of at all; players first, and creatures leave them a quarter. */
export const TOLD_MAX = 8_192;
const CREATURES_TO = 6_144;
/** Told of in one turn; the others have theirs first in the next one. */
const TURN_MAX = 4_096;
/** After so many turns everyone was told of, changed or not. */
const REPEAT_TURNS = 8;

/** Chooses, turn by turn, whom the other regions are told of: who changed, and some of the rest. */
export class GhostTeller {
  /** Those of whom the others were told. */
  known = 0;
  readonly #ghosts: RegionGhosts;
  /** By row: who was told of, and as of which tick. */
  #ids = new Uint32Array(0);
  #ticks = new Uint32Array(0);
  #turn = 0;
  /** Row with which a turn begins. */
  #first = 0;

  constructor(ghosts: RegionGhosts) {
    this.#ghosts = ghosts;
  }

  /** What this turn tells, cut into messages; none when there is nothing to tell. */
  next(): GhostTelling[] {
    const { tick, tickRate, own } = this.#ghosts;
    const { rowCount } = own;
    if (this.#ids.length < rowCount) this.#grow(rowCount);
    this.#turn += 1;
    const gone = this.#takeGone();
    const ghosts: GhostRecord[] = [];
    this.#choose(GhostRank.Player, TOLD_MAX, ghosts);
    this.#choose(GhostRank.Creature, CREATURES_TO, ghosts);
    const tellings: GhostTelling[] = [];
    for (let at = 0; at < ghosts.length || (at === 0 && gone.length > 0); ) {
      const part = ghosts.slice(at, at + GHOSTS_IN_MESSAGE_MAX);
      tellings.push({ tick, tickRate, ghosts: part, gone: at === 0 ? gone : [], allGone: false });
      at += GHOSTS_IN_MESSAGE_MAX;
    }
    return tellings;
  }

  /** Nobody is known to the others: the next turn tells of everyone. */
  forget(): void {
    this.#ids.fill(0);
    this.known = 0;
  }

  /** What tells the others that nobody is here any more. */
  farewell(): GhostTelling {
    const { tick, tickRate } = this.#ghosts;
    return { tick, tickRate, ghosts: [], gone: [], allGone: true };
  }

  #choose(rank: number, knownMax: number, into: GhostRecord[]): void {
    const { tick, own } = this.#ghosts;
    const { rowCount, ids, toldTick } = own;
    if (into.length === TURN_MAX) return;
    for (let step = 0; step < rowCount; step++) {
      const row = (this.#first + step) % rowCount;
      if (own.rankOf(row) !== rank) continue;
      const id = ids[row] ?? 0;
      const isNew = this.#ids[row] !== id;
      const isDue =
        isNew ||
        (toldTick[row] ?? 0) > (this.#ticks[row] ?? 0) ||
        (row + this.#turn) % REPEAT_TURNS === 0;
      if (!isDue || (isNew && this.known >= knownMax)) continue;
      if (into.length === TURN_MAX) {
        this.#first = row;
        return;
      }
      into.push(own.read(row));
      if (isNew) this.known += 1;
      this.#ids[row] = id;
      this.#ticks[row] = tick;
    }
  }

  #takeGone(): number[] {
    const { ids } = this.#ghosts.own;
    const gone: number[] = [];
    for (let row = 0; row < this.#ids.length && gone.length < GONE_IN_MESSAGE_MAX; row++) {
      const id = this.#ids[row] ?? 0;
      if (id === 0 || ids[row] === id) continue;
      gone.push(id);
      this.#ids[row] = 0;
      this.known -= 1;
    }
    return gone;
  }

  #grow(rows: number): void {
    const length = Math.max(rows, this.#ids.length * 2);
    const ids = new Uint32Array(length);
    const ticks = new Uint32Array(length);
    ids.set(this.#ids);
    ticks.set(this.#ticks);
    this.#ids = ids;
    this.#ticks = ticks;
  }
}

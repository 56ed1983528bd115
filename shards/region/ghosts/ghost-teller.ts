import {
  type GhostEmote,
  GhostRank,
  type GhostRecord,
  type RegionGhosts,
} from "../../world/region-ghosts.ts";
import { GHOSTS_IN_MESSAGE_MAX, type GhostTelling, GONE_IN_MESSAGE_MAX } from "./ghost-columns.ts";

/** Who is told of at all, and creatures among them; further ones are not shown elsewhere. */
export const TOLD_MAX = 12_288;
export const CREATURES_TOLD_MAX = 4_096;
/** Rows looked at for one part of a round, so that none takes long. */
const ROWS_IN_PART_MAX = 16_384;
/** After so many rounds everyone was told of, changed or not. */
const REPEAT_ROUNDS = 8;

/**
 * Chooses, round by round, whom the other regions are told of: who changed, and some of the rest.
 * A round comes in parts of one message each, with room for other work in between.
 */
export class GhostTeller {
  /** Those of whom the others were told. */
  known = 0;
  readonly #ghosts: RegionGhosts;
  /** Creatures among them. */
  #creatures = 0;
  /** By row: who was told of, as what, and as of which tick. */
  #ids = new Uint32Array(0);
  #ranks = new Uint8Array(0);
  #ticks = new Uint32Array(0);
  #round = 0;
  /** Rows of this round, and the next one of them. */
  #rowCount = 0;
  #row = 0;
  #emotes: readonly GhostEmote[] = [];

  constructor(ghosts: RegionGhosts) {
    this.#ghosts = ghosts;
  }

  /** Whether everyone was looked at. */
  get isOver(): boolean {
    return this.#row >= this.#rowCount;
  }

  begin(): void {
    const { rowCount } = this.#ghosts.own;
    if (this.#ids.length < rowCount) this.#grow(rowCount);
    this.#rowCount = rowCount;
    this.#row = 0;
    this.#round += 1;
    this.#emotes = this.#ghosts.takeEmotes();
  }

  /** The next part of the round; undefined when nobody in it is to be told of. */
  next(): GhostTelling | undefined {
    const { tick, tickRate, own } = this.#ghosts;
    const ghosts: GhostRecord[] = [];
    const gone: number[] = [];
    const end = Math.min(this.#rowCount, this.#row + ROWS_IN_PART_MAX);
    for (; this.#row < end; this.#row += 1) {
      if (ghosts.length === GHOSTS_IN_MESSAGE_MAX || gone.length === GONE_IN_MESSAGE_MAX) break;
      this.#noteGone(this.#row, gone);
      if (this.#isToTell(this.#row)) ghosts.push(own.read(this.#row));
    }
    const emotes = this.#emotes;
    this.#emotes = [];
    if (ghosts.length + gone.length + emotes.length === 0) return undefined;
    return { tick, tickRate, ghosts, emotes, gone, allGone: false };
  }

  /** Nobody is known to the others: the next round tells of everyone. */
  forget(): void {
    this.#ids.fill(0);
    this.known = 0;
    this.#creatures = 0;
    this.#row = this.#rowCount;
    this.#emotes = [];
    this.#ghosts.takeEmotes();
  }

  /** What tells the others that nobody is here any more. */
  farewell(): GhostTelling {
    const { tick, tickRate } = this.#ghosts;
    return { tick, tickRate, ghosts: [], emotes: [], gone: [], allGone: true };
  }

  #noteGone(row: number, gone: number[]): void {
    const known = this.#ids[row] ?? 0;
    if (known === 0 || this.#ghosts.own.ids[row] === known) return;
    gone.push(known);
    this.#ids[row] = 0;
    this.known -= 1;
    if (this.#ranks[row] === GhostRank.Creature) this.#creatures -= 1;
  }

  /** Whether one is told of now; if so it is noted. */
  #isToTell(row: number): boolean {
    const { tick, own } = this.#ghosts;
    const rank = own.rankOf(row);
    if (rank === GhostRank.None) return false;
    const id = own.ids[row] ?? 0;
    const isNew = this.#ids[row] !== id;
    const isDue = (own.toldTick[row] ?? 0) > (this.#ticks[row] ?? 0);
    if (!isNew && !isDue && (row + this.#round) % REPEAT_ROUNDS !== 0) return false;
    if (isNew && !this.#findRoom(rank)) return false;
    this.#ids[row] = id;
    this.#ranks[row] = rank;
    this.#ticks[row] = tick;
    return true;
  }

  #findRoom(rank: number): boolean {
    const isCreature = rank === GhostRank.Creature;
    if (this.known >= TOLD_MAX || (isCreature && this.#creatures >= CREATURES_TOLD_MAX)) {
      return false;
    }
    this.known += 1;
    if (isCreature) this.#creatures += 1;
    return true;
  }

  #grow(rows: number): void {
    const length = Math.max(rows, this.#ids.length * 2);
    const ids = new Uint32Array(length);
    const ranks = new Uint8Array(length);
    const ticks = new Uint32Array(length);
    ids.set(this.#ids);
    ranks.set(this.#ranks);
    ticks.set(this.#ticks);
    this.#ids = ids;
    this.#ranks = ranks;
    this.#ticks = ticks;
  }
}

// Who sees whom. Each client's view changes a few times per second, and only by those who come or
// go; what stays costs one comparison of numbers that lie side by side in memory.
import type { StateView } from "@colyseus/schema";
import { FIFTHS, WINDOW_UNITS } from "./arena.ts";
import type { Player } from "./state.ts";

/** Beyond it nobody can join. */
export const PLAYERS_MAX = 16_384;
const CELL = 300 * FIFTHS;
/** Half a window, less and more: whoever walks along the border does not flicker. */
const ENTER = (WINDOW_UNITS / 2 - 15) * FIFTHS;
const LEAVE = (WINDOW_UNITS / 2 + 15) * FIFTHS;
/** Who sees someone is no farther than this: beyond `LEAVE` by what they walked since the look. */
const REACH = LEAVE + 200 * FIFTHS;

/** A player as the simulation keeps it. */
export interface Avatar {
  /** Its place in the tables of the crowd. */
  readonly slot: number;
  /** What Colyseus replicates of it. */
  readonly player: Player;
  readonly view: StateView;
  pose: number;
  /** From this tick on others may see it: Colyseus must have encoded it once before. */
  readonly visibleFromTick: number;
  /** Its client has received the full state, so its view may change. */
  isWatching: boolean;
  /** Slots of those in view. */
  readonly seen: number[];
  /** What its client wishes for the next tick: pose and sequence, pose and sequence, … */
  readonly wishes: number[];
}

/** All avatars, by slot and by place. */
export class Crowd {
  readonly x = new Int32Array(PLAYERS_MAX);
  readonly y = new Int32Array(PLAYERS_MAX);
  readonly avatars: (Avatar | undefined)[] = [];
  readonly #cellOf = new Int32Array(PLAYERS_MAX);
  /** The last look that found a slot in view. */
  readonly #lookOf = new Int32Array(PLAYERS_MAX);
  readonly #freeSlots: number[] = [];
  readonly #width: number;
  readonly #cells: number[][];
  #looks = 0;

  constructor(sideUnits: number) {
    this.#width = Math.floor((sideUnits * FIFTHS) / CELL) + 1;
    this.#cells = Array.from({ length: this.#width ** 2 }, () => []);
  }

  get size(): number {
    return this.avatars.length - this.#freeSlots.length;
  }

  takeSlot(): number {
    const slot = this.#freeSlots.pop() ?? this.avatars.length;
    if (slot >= PLAYERS_MAX) throw new Error(`cannot join: ${PLAYERS_MAX} players are here`);
    return slot;
  }

  add(avatar: Avatar, x: number, y: number): void {
    const { slot } = avatar;
    this.avatars[slot] = avatar;
    this.x[slot] = x;
    this.y[slot] = y;
    this.#enterCell(slot);
  }

  /** Takes an avatar out; Colyseus itself takes the player out of every view. */
  remove({ slot }: Avatar): void {
    for (const cell of this.#cellsAround(slot, REACH)) {
      for (const other of cell) {
        const seen = this.avatars[other]?.seen ?? [];
        const at = seen.indexOf(slot);
        if (at >= 0) removeAt(seen, at);
      }
    }
    this.#leaveCell(slot);
    this.avatars[slot] = undefined;
    this.#freeSlots.push(slot);
  }

  move(slot: number, x: number, y: number): void {
    this.x[slot] = x;
    this.y[slot] = y;
    if (this.#cellAt(x, y) === this.#cellOf[slot]) return;
    this.#leaveCell(slot);
    this.#enterCell(slot);
  }

  /** Brings a client's view up to date. */
  look(avatar: Avatar, tick: number): void {
    this.#looks += 1;
    this.#forgetFar(avatar);
    for (const cell of this.#cellsAround(avatar.slot, ENTER)) {
      for (const slot of cell) {
        if (this.#lookOf[slot] !== this.#looks && this.#isWithin(avatar.slot, slot, ENTER)) {
          this.#show(avatar, slot, tick);
        }
      }
    }
  }

  #forgetFar({ slot, view, seen }: Avatar): void {
    for (let at = seen.length - 1; at >= 0; at--) {
      const other = seen[at] ?? 0;
      if (this.#isWithin(slot, other, LEAVE)) {
        this.#lookOf[other] = this.#looks;
        continue;
      }
      const gone = this.avatars[other];
      if (gone !== undefined) view.remove(gone.player);
      removeAt(seen, at);
    }
  }

  #show(avatar: Avatar, slot: number, tick: number): void {
    const other = this.avatars[slot];
    if (other === undefined || other === avatar || other.visibleFromTick > tick) return;
    // What newcomers are told of the position; nobody else is.
    other.player.x = this.x[slot] ?? 0;
    other.player.y = this.y[slot] ?? 0;
    avatar.view.add(other.player);
    avatar.seen.push(slot);
  }

  #isWithin(a: number, b: number, distance: number): boolean {
    const dx = (this.x[a] ?? 0) - (this.x[b] ?? 0);
    const dy = (this.y[a] ?? 0) - (this.y[b] ?? 0);
    return dx <= distance && dx >= -distance && dy <= distance && dy >= -distance;
  }

  #cellsAround(slot: number, distance: number): number[][] {
    const [x, y] = [this.x[slot] ?? 0, this.y[slot] ?? 0];
    const last = this.#width - 1;
    const left = Math.max(0, Math.floor((x - distance) / CELL));
    const right = Math.min(last, Math.floor((x + distance) / CELL));
    const top = Math.max(0, Math.floor((y - distance) / CELL));
    const bottom = Math.min(last, Math.floor((y + distance) / CELL));
    const found: number[][] = [];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const cell = this.#cells[row * this.#width + column];
        if (cell !== undefined) found.push(cell);
      }
    }
    return found;
  }

  #cellAt(x: number, y: number): number {
    return Math.floor(y / CELL) * this.#width + Math.floor(x / CELL);
  }

  #enterCell(slot: number): void {
    const at = this.#cellAt(this.x[slot] ?? 0, this.y[slot] ?? 0);
    this.#cellOf[slot] = at;
    this.#cells[at]?.push(slot);
  }

  #leaveCell(slot: number): void {
    const cell = this.#cells[this.#cellOf[slot] ?? 0] ?? [];
    removeAt(cell, cell.indexOf(slot));
  }
}

/** Without keeping the order. */
function removeAt(list: number[], at: number): void {
  const last = list.pop();
  if (last !== undefined && at < list.length) list[at] = last;
}

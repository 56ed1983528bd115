// Who sees whom. A grid finds candidates; each client's view changes a few times per second, and
// only by those who come or go: what stays costs one comparison.
import type { StateView } from "@colyseus/schema";
import { FIFTHS, WINDOW_UNITS } from "./arena.ts";
import type { Player } from "./state.ts";

const CELL = 300 * FIFTHS;
/** Half a window, less and more: whoever walks along the border does not flicker. */
const ENTER = (WINDOW_UNITS / 2 - 15) * FIFTHS;
const LEAVE = (WINDOW_UNITS / 2 + 15) * FIFTHS;

/** A player as the simulation keeps it; `player` is what Colyseus replicates of it. */
export interface Avatar {
  readonly player: Player;
  readonly view: StateView;
  x: number;
  y: number;
  pose: number;
  /** From this tick on others may see it: Colyseus must have encoded it once before. */
  readonly visibleFromTick: number;
  /** Its client has received the full state, so its view may change. */
  isWatching: boolean;
  isGone: boolean;
  cell: number;
  /** Place in the list of all avatars. */
  index: number;
  readonly seen: Avatar[];
  /** What its client wishes for the next tick: pose and sequence, pose and sequence, … */
  readonly wishes: number[];
}

/** All avatars by place. */
export class Grid {
  readonly #width: number;
  readonly #cells: Avatar[][];

  constructor(sideUnits: number) {
    this.#width = Math.floor((sideUnits * FIFTHS) / CELL) + 1;
    this.#cells = Array.from({ length: this.#width ** 2 }, () => []);
  }

  add(avatar: Avatar): void {
    avatar.cell = this.#cellAt(avatar.x, avatar.y);
    this.#cells[avatar.cell]?.push(avatar);
  }

  remove(avatar: Avatar): void {
    const cell = this.#cells[avatar.cell];
    const at = cell?.indexOf(avatar) ?? -1;
    const last = cell?.pop();
    if (cell !== undefined && last !== undefined && last !== avatar) cell[at] = last;
  }

  /** To be called after each step of an avatar. */
  move(avatar: Avatar): void {
    if (this.#cellAt(avatar.x, avatar.y) === avatar.cell) return;
    this.remove(avatar);
    this.add(avatar);
  }

  /** Brings a client's view up to date. */
  look(avatar: Avatar, tick: number): void {
    forgetFar(avatar);
    const width = this.#width;
    const left = Math.max(0, Math.floor((avatar.x - ENTER) / CELL));
    const right = Math.min(width - 1, Math.floor((avatar.x + ENTER) / CELL));
    const top = Math.max(0, Math.floor((avatar.y - ENTER) / CELL));
    const bottom = Math.min(width - 1, Math.floor((avatar.y + ENTER) / CELL));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        addNear(avatar, this.#cells[row * width + column] ?? [], tick);
      }
    }
  }

  #cellAt(x: number, y: number): number {
    return Math.floor(y / CELL) * this.#width + Math.floor(x / CELL);
  }
}

function addNear(avatar: Avatar, others: readonly Avatar[], tick: number): void {
  const { view, seen } = avatar;
  for (const other of others) {
    if (Math.abs(other.x - avatar.x) > ENTER || Math.abs(other.y - avatar.y) > ENTER) continue;
    if (other.visibleFromTick > tick || view.has(other.player)) continue;
    // What newcomers are told of the position; nobody else is.
    other.player.x = other.x;
    other.player.y = other.y;
    view.add(other.player);
    seen.push(other);
  }
}

function forgetFar(avatar: Avatar): void {
  const { view, seen } = avatar;
  for (let index = seen.length - 1; index >= 0; index--) {
    const other = seen[index];
    if (other === undefined) continue;
    const isNear = Math.abs(other.x - avatar.x) <= LEAVE && Math.abs(other.y - avatar.y) <= LEAVE;
    if (isNear && !other.isGone) continue;
    // Colyseus itself takes those who left the game out of every view.
    if (!other.isGone) view.remove(other.player);
    const last = seen.pop();
    if (last !== undefined && last !== other) seen[index] = last;
  }
}

import { growColumn } from "#shared/net/tick-frame.ts";

/** Rows that fresh columns have room for. */
const CAPACITY = 64;
const TOLD = 1;
const TOUCHED = 2;
/** Numbers that are kept of one who is out of sight. */
const GONE_WORDS = 6;

/**
 * What one client was last told of each player in sight: a place, from which it moves on by itself.
 * Columns whose rows are those of the view's entities, kept so by telling it of each that comes and
 * goes; thousands of clients have one, so there is no object and no map for a player.
 */
export class ToldPlayers {
  #flags = new Uint8Array(CAPACITY);
  x = new Int32Array(CAPACITY);
  y = new Int32Array(CAPACITY);
  pose = new Uint32Array(CAPACITY);
  tick = new Uint32Array(CAPACITY);
  /** When an attack of it was last told. */
  attackTick = new Uint32Array(CAPACITY);
  /** Who is out of sight, but was told of: id and columns, one after the other. */
  readonly #gone: number[] = [];

  /** The view has a new entity, in its last row. */
  added(row: number, id: number): void {
    if (row >= this.#flags.length) this.#grow();
    this.#flags[row] = TOUCHED;
    this.#takeBack(row, id);
  }

  /** A frame said something of the player in that row. */
  touch(row: number): void {
    this.#flags[row] = (this.#flags[row] ?? 0) | TOUCHED;
  }

  /** The view is about to forget the entity in a row, whose place the one in `last` takes. */
  forgotten(row: number, last: number, id: number): void {
    if (this.isTold(row)) this.#note(row, id);
    this.#flags[row] = this.#flags[last] ?? 0;
    this.x[row] = this.x[last] ?? 0;
    this.y[row] = this.y[last] ?? 0;
    this.pose[row] = this.pose[last] ?? 0;
    this.tick[row] = this.tick[last] ?? 0;
    this.attackTick[row] = this.attackTick[last] ?? 0;
  }

  isTold(row: number): boolean {
    return ((this.#flags[row] ?? 0) & TOLD) !== 0;
  }

  isTouched(row: number): boolean {
    return ((this.#flags[row] ?? 0) & TOUCHED) !== 0;
  }

  /** The client is told now, of all columns; the caller fills them. */
  tell(row: number): void {
    this.#flags[row] = TOLD;
  }

  /** What was touched is dealt with. */
  settle(row: number): void {
    this.#flags[row] = (this.#flags[row] ?? 0) & TOLD;
  }

  /** The client has the player no longer. */
  untell(row: number): void {
    this.#flags[row] = 0;
  }

  /** Hands out who was told of and is out of sight, and forgets them. */
  takeGone(handle: (id: number) => void): void {
    for (let at = 0; at < this.#gone.length; at += GONE_WORDS) handle(this.#gone[at] ?? 0);
    this.#gone.length = 0;
  }

  #note(row: number, id: number): void {
    const { x, y, pose, tick, attackTick } = this;
    this.#gone.push(id, x[row] ?? 0, y[row] ?? 0, pose[row] ?? 0);
    this.#gone.push(tick[row] ?? 0, attackTick[row] ?? 0);
  }

  /** Somebody who went out of sight and came back within one frame was never away. */
  #takeBack(row: number, id: number): void {
    const gone = this.#gone;
    for (let at = 0; at < gone.length; at += GONE_WORDS) {
      if (gone[at] !== id) continue;
      const [, x = 0, y = 0, pose = 0, tick = 0, attackTick = 0] = gone.splice(at, GONE_WORDS);
      this.x[row] = x;
      this.y[row] = y;
      this.pose[row] = pose;
      this.tick[row] = tick;
      this.attackTick[row] = attackTick;
      this.#flags[row] = TOLD | TOUCHED;
      return;
    }
  }

  #grow(): void {
    this.#flags = growColumn(this.#flags);
    this.x = growColumn(this.x);
    this.y = growColumn(this.y);
    this.pose = growColumn(this.pose);
    this.tick = growColumn(this.tick);
    this.attackTick = growColumn(this.attackTick);
  }
}

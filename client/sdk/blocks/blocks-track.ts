import { BLOCKS_VELOCITY_PARTS } from "#shared/net/blocks-turns.ts";
import type { KnownBlocksEntity } from "#shared/net/blocks-view.ts";

/** Records kept: more than this within the delay are not to be seen anyway. */
const RECORDS_MAX = 16;
/** Ticks before a record across which what was guessed becomes what is true. */
const BLEND_TICKS = 3;
/** Hundredths of a block: farther away it was put there, and nothing is blended. */
const LEAP = 150;
/** Ticks for which a motion is drawn on when nothing comes. */
const GUESS_TICKS = 200;

/** An entity at some moment. */
export interface BlocksPlacement {
  /** Hundredths of a block. */
  x: number;
  y: number;
  record: Readonly<KnownBlocksEntity>;
}

/**
 * The known past of one entity: its records, each of which goes on until the next one. Records are
 * exact at their ticks and close in between, so a little before each the way leads over to it.
 */
export class BlocksTrack {
  #records: Readonly<KnownBlocksEntity>[] = [];
  /** End of the tick in which it went out of sight; 0 while it is in sight. */
  goneTick = 0;

  get latest(): Readonly<KnownBlocksEntity> | undefined {
    return this.#records.at(-1);
  }

  push(record: KnownBlocksEntity): void {
    while ((this.latest?.tick ?? -1) >= record.tick) this.#records.pop();
    this.#records.push({ ...record });
    if (this.#records.length > RECORDS_MAX) this.#records.shift();
  }

  /** Forgets what was before `tick`, but for what still holds then. */
  forgetBefore(tick: number): void {
    while (this.#records.length > 1 && (this.#records[1]?.tick ?? tick) < tick) {
      this.#records.shift();
    }
  }

  /** Where it is at a tick, with a fraction; false when it was not in sight yet. */
  place(tick: number, into: BlocksPlacement): boolean {
    let index = this.#records.length - 1;
    while (index > 0 && (this.#records[index]?.tick ?? 0) > tick) index -= 1;
    const record = this.#records[index];
    if (record === undefined) return false;
    into.record = record;
    // One that has just come is where it came until its time begins.
    advance(record, Math.max(0, Math.min(tick - record.tick, GUESS_TICKS)), into);
    const next = this.#records[index + 1];
    if (next === undefined || tick < record.tick) return true;
    const blended = Math.min(BLEND_TICKS, next.tick - record.tick);
    const part = 1 - (next.tick - tick) / blended;
    if (part <= 0) return true;
    const guess = { x: 0, y: 0 };
    advance(record, next.tick - record.tick, guess);
    const [errorX, errorY] = [next.x - guess.x, next.y - guess.y];
    if (Math.abs(errorX) > LEAP || Math.abs(errorY) > LEAP) return true;
    into.x += errorX * part;
    into.y += errorY * part;
    return true;
  }
}

function advance(
  { x, y, vx, vy }: Readonly<KnownBlocksEntity>,
  ticks: number,
  into: { x: number; y: number },
): void {
  into.x = x + (vx * ticks) / BLOCKS_VELOCITY_PARTS;
  into.y = y + (vy * ticks) / BLOCKS_VELOCITY_PARTS;
}

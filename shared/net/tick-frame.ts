import type { ArenaSelfRecord } from "./arena-frames.ts";
import { readText } from "./wire-reader.ts";

/** What an event's `kind` says. */
export const ARENA_EVENT = { hit: 1, death: 2 } as const;

/** Rows that fresh columns have room for. */
const CAPACITY = 64;

/**
 * A tick frame as columns of numbers, filled again and again by `readTickFrame`: nothing is
 * allocated for a frame, let alone for an entity, once the columns have grown to its size. What it
 * holds is void with the next one, and names are read from the frame's bytes when asked for.
 */
export class TickFrame {
  tick = 0;
  reset = false;
  /** Whether there is an ack; then `sequence` is its, and `self` when it has one. */
  hasAck = false;
  sequence = 0;
  hasSelf = false;
  readonly self: ArenaSelfRecord = {
    x: 0,
    y: 0,
    controls: { dx: 0, dy: 0 },
    facingRight: false,
    state: 0,
    health: 0,
    attackEndTick: 0,
    attackReadyTick: 0,
    respawnTick: 0,
    kills: 0,
    deaths: 0,
    score: 0,
    credits: 0,
  };
  readonly cells = new CellRows();
  /** The cells' entities, one cell after the other. */
  readonly records = new RecordRows();
  /** The cells' `gone`, one cell after the other. */
  readonly gone = new NumberRows();
  /** The cells' events, one cell after the other; of a kind that is known. */
  readonly events = new EventRows();
  readonly goneCells = new NumberRows();
  readonly moves = new MoveRows();
  #bytes: Uint8Array = new Uint8Array(0);

  /** Empties it for a frame in these bytes. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.tick = 0;
    this.reset = false;
    this.hasAck = false;
    this.sequence = 0;
    this.hasSelf = false;
    this.cells.count = 0;
    this.records.count = 0;
    this.gone.count = 0;
    this.events.count = 0;
    this.goneCells.count = 0;
    this.moves.count = 0;
  }

  /** Name in a record; empty when the record has none. Throws a `WireError` if it is no text. */
  nameOf(record: number): string {
    const start = this.records.nameStart[record] ?? 0;
    return readText(this.#bytes, start, this.records.nameEnd[record] ?? 0);
  }

  /** First record of a cell; it ends where the next cell's starts. */
  recordStart(cell: number): number {
    return cell === 0 ? 0 : (this.cells.recordEnd[cell - 1] ?? 0);
  }
}

/** Messages of the field `cells`. A cell's number may come more than once. */
export class CellRows {
  count = 0;
  number = new Uint32Array(CAPACITY);
  /** 1 or 0. */
  keyframe = new Uint8Array(CAPACITY);
  stateHash = new Uint32Array(CAPACITY);
  /** Where the cell's records end. */
  recordEnd = new Uint32Array(CAPACITY);

  /** A new row of zeros. */
  add(): number {
    const row = this.count++;
    if (row >= this.number.length) {
      this.number = growColumn(this.number);
      this.keyframe = growColumn(this.keyframe);
      this.stateHash = growColumn(this.stateHash);
      this.recordEnd = growColumn(this.recordEnd);
    }
    this.number[row] = 0;
    this.keyframe[row] = 0;
    this.stateHash[row] = 0;
    return row;
  }
}

/** Messages of the field `arena_entities`, with the fields of `ArenaEntity`. */
export class RecordRows {
  count = 0;
  id = new Uint32Array(CAPACITY);
  x = new Uint32Array(CAPACITY);
  y = new Uint32Array(CAPACITY);
  pose = new Uint32Array(CAPACITY);
  wounds = new Uint32Array(CAPACITY);
  score = new Uint32Array(CAPACITY);
  /** Where the name lies in the frame's bytes; equal when there is none. */
  nameStart = new Uint32Array(CAPACITY);
  nameEnd = new Uint32Array(CAPACITY);

  /** A new row of zeros. */
  add(): number {
    const row = this.count++;
    if (row >= this.id.length) this.#grow();
    this.id[row] = 0;
    this.x[row] = 0;
    this.y[row] = 0;
    this.pose[row] = 0;
    this.wounds[row] = 0;
    this.score[row] = 0;
    this.nameStart[row] = 0;
    this.nameEnd[row] = 0;
    return row;
  }

  #grow(): void {
    this.id = growColumn(this.id);
    this.x = growColumn(this.x);
    this.y = growColumn(this.y);
    this.pose = growColumn(this.pose);
    this.wounds = growColumn(this.wounds);
    this.score = growColumn(this.score);
    this.nameStart = growColumn(this.nameStart);
    this.nameEnd = growColumn(this.nameEnd);
  }
}

/** Hits and deaths. */
export class EventRows {
  count = 0;
  /** One of `ARENA_EVENT`. */
  kind = new Uint8Array(CAPACITY);
  /** Who hit or killed. */
  attacker = new Uint32Array(CAPACITY);
  /** Who was hit or died. */
  target = new Uint32Array(CAPACITY);
  /** Of a hit. */
  damage = new Uint32Array(CAPACITY);

  /** A new row of zeros. */
  add(kind: number): number {
    const row = this.count++;
    if (row >= this.kind.length) {
      this.kind = growColumn(this.kind);
      this.attacker = growColumn(this.attacker);
      this.target = growColumn(this.target);
      this.damage = growColumn(this.damage);
    }
    this.kind[row] = kind;
    this.attacker[row] = 0;
    this.target[row] = 0;
    this.damage[row] = 0;
    return row;
  }
}

/** Rows of the field `arena_moves`. */
export class MoveRows {
  count = 0;
  id = new Uint32Array(CAPACITY);
  /** What to add to the foretold position, in tenths of a unit. */
  dx = new Int32Array(CAPACITY);
  dy = new Int32Array(CAPACITY);
  pose = new Uint32Array(CAPACITY);

  /** A new row, to be filled. */
  add(): number {
    const row = this.count++;
    if (row >= this.id.length) {
      this.id = growColumn(this.id);
      this.dx = growColumn(this.dx);
      this.dy = growColumn(this.dy);
      this.pose = growColumn(this.pose);
    }
    return row;
  }
}

/** Plain numbers. */
export class NumberRows {
  count = 0;
  value = new Uint32Array(CAPACITY);

  add(value: number): void {
    const row = this.count++;
    if (row >= this.value.length) this.value = growColumn(this.value);
    this.value[row] = value;
  }
}

type Column = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** A column twice as long with the same content. */
export function growColumn<Kind extends Column>(column: Kind): Kind;
export function growColumn(column: Column): Column {
  const { length } = column;
  const larger =
    column instanceof Uint8Array
      ? new Uint8Array(length * 2)
      : column instanceof Int32Array
        ? new Int32Array(length * 2)
        : new Uint32Array(length * 2);
  larger.set(column);
  return larger;
}

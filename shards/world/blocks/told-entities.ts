// Where everyone was told to be.
//
// Whoever watches a cell knows each entity in it by one record: from this place, at the end of
// that tick, it goes on so much in each tick. The same record is good for all watchers, however old
// their last frame is. So after each step every entity is compared with its own record, and gets a
// new one when it does something else: it starts or stops, turns, strays from its way, looks
// different, or comes into another cell. What follows from the record costs nothing.
//
// A coming or a going lasts (an item lies there, or somebody took it): it is shown once its tick is
// in the shard's database, in the order in which it happened.
import { BLOCKS_VELOCITY_PARTS, BlocksGaits, GAIT, NO_GAIT } from "#shared/net/blocks-turns.ts";
import { BlocksKind } from "#shared/sim/index.ts";
import type { CellLists } from "../cell-lists.ts";
import { CellMembers } from "./cell-members.ts";
import type { CellNews } from "./cell-news.ts";
import type { EntityLook, EntitySource } from "./entity-source.ts";
import { Goings } from "./goings.ts";
import type { ToldRecords } from "./told-records.ts";

/** Hundredths of a block by which an entity may be beside its way before it is told of anew. */
const STRAY_MAX = 12;
/** Farther in one tick than anything walks: it was put there. */
const LEAP = 200;
/** From so many ticks on the way since the record says more of the velocity than the last tick. */
const STEADY_TICKS = 4;
/** A block in hundredths, and a chunk in blocks. */
const BLOCK = 100;
const CHUNK = 16;

export interface ToldEntitiesOptions {
  readonly source: EntitySource;
  readonly capacity: number;
  /** Chunks beside each other, and below each other. */
  readonly columns: number;
  readonly rows: number;
  readonly tickRate: number;
  /** How far a window reaches back. */
  readonly ticksMax: number;
  readonly news: CellNews;
}

/** The records of all entities, by row of the world's table. */
export class ToldEntities implements ToldRecords {
  readonly #options: ToldEntitiesOptions;
  /** Entity of which the row tells; 0 for none. */
  readonly ids: Uint32Array;
  readonly cells: Uint32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly vx: Int32Array;
  readonly vy: Int32Array;
  /** Gait that says the velocity; NO_GAIT where none does. */
  readonly gaits: Uint8Array;
  /** Tick in which it was at x, y. */
  readonly at: Uint32Array;
  readonly kinds: Uint32Array;
  readonly wounds: Uint32Array;
  readonly facings: Uint8Array;
  readonly states: Uint8Array;
  readonly items: Uint32Array;
  readonly counts: Uint32Array;
  /** Tick whose frames are the first to tell the record. */
  readonly toldTick: Uint32Array;
  /** The same for more of it than where it is, where it goes and where it faces. */
  readonly lookTick: Uint32Array;
  /** The same for the entity and its name: whoever watches may not know it. */
  readonly cameTick: Uint32Array;
  /** Of the last time that it came from a neighbouring cell, of the time before, and from which. */
  readonly crossedTick: Uint32Array;
  readonly crossedBefore: Uint32Array;
  readonly crossedFrom: Uint32Array;
  readonly #gaitTable: BlocksGaits;
  readonly #lastX: Int32Array;
  readonly #lastY: Int32Array;
  readonly #names: string[];
  readonly #goings: Goings;
  /** Comings and goings that wait for their commit. */
  #waiting: { tick: number; row: number; goes: number; comes: number }[] = [];
  /** The entity that the world has in a row, shown or not. */
  readonly #present: Uint32Array;
  readonly #look: EntityLook = { kind: 0, wounds: 0, facing: 0, state: 0, item: 0, count: 0 };
  readonly members: CellMembers;
  #tick = 0;

  constructor(options: ToldEntitiesOptions) {
    const { capacity, columns, rows } = options;
    this.#options = options;
    this.ids = new Uint32Array(capacity);
    this.cells = new Uint32Array(capacity);
    this.x = new Int32Array(capacity);
    this.y = new Int32Array(capacity);
    this.vx = new Int32Array(capacity);
    this.vy = new Int32Array(capacity);
    this.gaits = new Uint8Array(capacity);
    this.at = new Uint32Array(capacity);
    this.kinds = new Uint32Array(capacity);
    this.wounds = new Uint32Array(capacity);
    this.facings = new Uint8Array(capacity);
    this.states = new Uint8Array(capacity);
    this.items = new Uint32Array(capacity);
    this.counts = new Uint32Array(capacity);
    this.toldTick = new Uint32Array(capacity);
    this.lookTick = new Uint32Array(capacity);
    this.cameTick = new Uint32Array(capacity);
    this.crossedTick = new Uint32Array(capacity);
    this.crossedBefore = new Uint32Array(capacity);
    this.crossedFrom = new Uint32Array(capacity);
    this.#gaitTable = new BlocksGaits(options.tickRate);
    this.#lastX = new Int32Array(capacity);
    this.#lastY = new Int32Array(capacity);
    this.#present = new Uint32Array(capacity);
    this.#names = new Array<string>(capacity).fill("");
    this.members = new CellMembers(columns * rows, capacity);
    this.#goings = new Goings(columns * rows);
  }

  /** Compares everyone with what was told, after a step. */
  observe(tick: number): void {
    const { source, ticksMax } = this.#options;
    this.#tick = tick;
    this.#goings.forget(tick - ticksMax);
    for (let row = 0; row < source.rowCount; row++) {
      const id = source.ids[row] ?? 0;
      const present = this.#present[row] ?? 0;
      if (id !== present) {
        this.#waiting.push({ tick, row, goes: present, comes: id });
        this.#present[row] = id;
        // What lies there is as it was told until it is gone.
      } else if (id !== 0 && this.ids[row] === id && source.kinds[row] !== BlocksKind.Item) {
        this.#compare(row, tick);
      }
    }
  }

  /** Comings and goings that are committed are told in the frames of `tick`. */
  show(committedTick: number, tick: number): void {
    let shown = 0;
    for (const { tick: happened, row, goes, comes } of this.#waiting) {
      if (happened > committedTick) break;
      shown += 1;
      if (goes !== 0 && this.ids[row] === goes) this.#leave(row, tick);
      // One that is gone again by now was never here for anybody.
      if (comes !== 0 && this.#options.source.ids[row] === comes) this.#enter(row, tick);
    }
    if (shown > 0) this.#waiting.splice(0, shown);
  }

  /** Row of an entity that is shown, -1 for any other. */
  rowOf(entity: number): number {
    const row = entity & 0xf_ffff;
    return entity !== 0 && this.ids[row] === entity ? row : -1;
  }

  nameOf(row: number): string {
    return this.#names[row] ?? "";
  }

  openWindow(since: number): void {
    this.#goings.openWindow(since);
  }

  get gone(): CellLists {
    return this.#goings.open;
  }

  /** All of them live here. */
  homeOf(): string {
    return "";
  }

  #compare(row: number, tick: number): void {
    const { source } = this.#options;
    const x = source.x[row] ?? 0;
    const y = source.y[row] ?? 0;
    const dx = x - (this.#lastX[row] ?? 0);
    const dy = y - (this.#lastY[row] ?? 0);
    const vx = this.vx[row] ?? 0;
    const vy = this.vy[row] ?? 0;
    const isMoving = dx !== 0 || dy !== 0;
    this.#lastX[row] = x;
    this.#lastY[row] = y;
    const isNew = this.#readLook(row);
    if (isMoving === (vx !== 0 || vy !== 0)) {
      const ticks = tick - (this.at[row] ?? 0);
      const strayX = x - (this.x[row] ?? 0) - (vx * ticks) / BLOCKS_VELOCITY_PARTS;
      const strayY = y - (this.y[row] ?? 0) - (vy * ticks) / BLOCKS_VELOCITY_PARTS;
      const strays = Math.abs(strayX) > STRAY_MAX || Math.abs(strayY) > STRAY_MAX;
      const cell = isMoving ? this.#cellAt(x, y) : this.cells[row];
      if (!strays && !isNew && cell === this.cells[row]) return;
    }
    this.#tell(row, tick, { dx, dy });
  }

  /** Takes what the entity looks like; true when some of it is new. */
  #readLook(row: number): boolean {
    const look = this.#look;
    const { source } = this.#options;
    source.look(row, look);
    const name = source.nameOf(row);
    const renamed = name !== this.#names[row];
    const turned = look.facing !== this.facings[row];
    this.facings[row] = look.facing;
    const isSame =
      !renamed &&
      look.kind === this.kinds[row] &&
      look.wounds === this.wounds[row] &&
      look.state === this.states[row] &&
      look.item === this.items[row] &&
      look.count === this.counts[row];
    if (isSame) return turned;
    this.lookTick[row] = this.#tick;
    this.kinds[row] = look.kind;
    this.wounds[row] = look.wounds;
    this.states[row] = look.state;
    this.items[row] = look.item;
    this.counts[row] = look.count;
    if (renamed) {
      this.#names[row] = name;
      this.cameTick[row] = this.#tick;
    }
    return true;
  }

  /** A new record, as of now. */
  #tell(row: number, tick: number, moved: { dx: number; dy: number }): void {
    const { source } = this.#options;
    const x = source.x[row] ?? 0;
    const y = source.y[row] ?? 0;
    const gait = this.#gaitOf(row, moved);
    if (gait === NO_GAIT) {
      const ticks = tick - (this.at[row] ?? 0);
      this.vx[row] = velocityOf(moved.dx, { from: this.x[row] ?? 0, to: x, ticks });
      this.vy[row] = velocityOf(moved.dy, { from: this.y[row] ?? 0, to: y, ticks });
    }
    this.x[row] = x;
    this.y[row] = y;
    this.at[row] = tick;
    this.toldTick[row] = tick;
    const cell = this.#cellAt(x, y);
    const before = this.cells[row] ?? 0;
    this.#options.news.note(cell, tick);
    if (cell === before) return;
    this.#noteGoing(tick, before, this.ids[row] ?? 0);
    this.cells[row] = cell;
    this.members.remove(before, row);
    this.members.add(cell, row);
    if (!this.#isBeside(cell, before)) {
      this.cameTick[row] = tick;
      return;
    }
    this.crossedBefore[row] = this.crossedTick[row] ?? 0;
    this.crossedTick[row] = tick;
    this.crossedFrom[row] = before;
  }

  /** Finds the gait of one that moved so in the last tick, and takes its velocity. */
  #gaitOf(row: number, moved: { dx: number; dy: number }): number {
    const kind = this.kinds[row] ?? 0;
    const facing = this.facings[row] ?? 0;
    const gait = isLeap(moved) ? NO_GAIT : this.#gaitTable.gaitOf(kind, facing, moved);
    this.gaits[row] = gait;
    if (gait === NO_GAIT) return gait;
    this.vx[row] = this.#gaitTable.vx(kind, { facing, gait });
    this.vy[row] = this.#gaitTable.vy(kind, { facing, gait });
    return gait;
  }

  #enter(row: number, tick: number): void {
    const { source } = this.#options;
    const x = source.x[row] ?? 0;
    const y = source.y[row] ?? 0;
    this.ids[row] = source.ids[row] ?? 0;
    this.cells[row] = this.#cellAt(x, y);
    this.x[row] = this.#lastX[row] = x;
    this.y[row] = this.#lastY[row] = y;
    this.vx[row] = 0;
    this.vy[row] = 0;
    this.gaits[row] = GAIT.stands;
    this.crossedTick[row] = this.crossedBefore[row] = 0;
    this.at[row] = tick;
    this.toldTick[row] = tick;
    this.cameTick[row] = tick;
    this.#readLook(row);
    this.members.add(this.cells[row] ?? 0, row);
    this.#options.news.note(this.cells[row] ?? 0, tick);
  }

  #leave(row: number, tick: number): void {
    const cell = this.cells[row] ?? 0;
    this.#noteGoing(tick, cell, this.ids[row] ?? 0);
    this.members.remove(cell, row);
    this.ids[row] = 0;
    this.#names[row] = "";
  }

  #noteGoing(tick: number, cell: number, entity: number): void {
    this.#options.news.note(cell, tick);
    this.#goings.note(tick, cell, entity);
  }

  #isBeside(cell: number, other: number): boolean {
    const { columns } = this.#options;
    const down = Math.floor(cell / columns) - Math.floor(other / columns);
    return Math.abs((cell % columns) - (other % columns)) <= 1 && Math.abs(down) <= 1;
  }

  #cellAt(x: number, y: number): number {
    const { columns, rows } = this.#options;
    const column = Math.min(columns - 1, Math.floor(x / (BLOCK * CHUNK)));
    return Math.min(rows - 1, Math.floor(y / (BLOCK * CHUNK))) * columns + column;
  }
}

function isLeap({ dx, dy }: { dx: number; dy: number }): boolean {
  return Math.abs(dx) > LEAP || Math.abs(dy) > LEAP;
}

/**
 * Parts for each tick. On a steady way the whole of it tells more than the last tick, which may be
 * rounded; where somebody turns, only the last tick does.
 */
function velocityOf(moved: number, way: { from: number; to: number; ticks: number }): number {
  if (moved === 0 || Math.abs(moved) > LEAP) return 0;
  const whole = (way.to - way.from) / way.ticks;
  const isSteady = way.ticks >= STEADY_TICKS && Math.abs(whole - moved) < 1;
  return Math.round((isSteady ? whole : moved) * BLOCKS_VELOCITY_PARTS);
}

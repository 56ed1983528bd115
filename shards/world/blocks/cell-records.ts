import { hashBlocksEntity } from "#shared/net/blocks-state-hash.ts";
import { type BlocksTurn, NO_GAIT, packTurn, TURN_AGE_MAX } from "#shared/net/blocks-turns.ts";
import { type CellBytes, DIRECTIONS, directionTo } from "#shared/net/cell-bytes.ts";
import type { WireWriter } from "#shared/net/wire-writer.ts";
import { BLOCKS_UNIT, CHUNK_SIDE } from "#shared/sim/index.ts";
import type { ToldRecords } from "./told-records.ts";

/** A chunk's side in hundredths of a block. */
const CHUNK = CHUNK_SIDE * BLOCKS_UNIT;

/** Field numbers of Cell and of BlocksEntity. */
const CELL_ENTITIES = 10;
const CELL_TURNS = 12;
const ENTITY = {
  id: 1,
  kind: 2,
  x: 3,
  y: 4,
  vx: 5,
  vy: 6,
  age: 7,
  wounds: 8,
  facing: 9,
  state: 10,
  item: 11,
  count: 12,
  name: 13,
  home: 14,
} as const;

/** Of the open cell and one table, by row: what is told of whom. */
interface Due {
  readonly told: ToldRecords;
  /** To all: a row of turns, a record without a name, a record with it. */
  readonly turned: number[];
  readonly changed: number[];
  readonly whole: number[];
  /** With the name, to those who do not watch where it came from; and from which direction. */
  readonly arrived: number[];
  readonly arrivedFrom: number[];
}

/**
 * Who is in a cell, as it is told. For a window: `openWindow`, then for each cell `find` and what
 * it found by `writeGone`, `writeChanged`, `writeTurned` and `writeArrivals`.
 */
export class CellRecords {
  readonly #dues: readonly Due[];
  readonly #columns: number;
  #tick = 0;
  #since = 0;
  #cell = 0;
  /** Directions that somebody came from, a bit each. */
  #directions = 0;
  readonly #turn: BlocksTurn = { x: 0, y: 0, facing: 0, gait: 0, age: 0 };

  constructor(tables: readonly ToldRecords[], columns: number) {
    this.#columns = columns;
    this.#dues = tables.map((told) => {
      return { told, turned: [], changed: [], whole: [], arrived: [], arrivedFrom: [] };
    });
  }

  /** From here on everything is as of the end of `tick`. */
  begin(tick: number): void {
    this.#tick = tick;
  }

  /** Clients know everything up to `since`. */
  openWindow(since: number): void {
    this.#since = since;
    for (const { told } of this.#dues) told.openWindow(since);
  }

  /** Opens a cell; true when something of it is new to all who watch it. */
  find(cell: number): boolean {
    let isAny = false;
    this.#cell = cell;
    this.#directions = 0;
    for (const due of this.#dues) {
      this.#findIn(due);
      const { told, turned, changed, whole } = due;
      if (turned.length + changed.length + whole.length > 0) isAny = true;
      if (told.gone.first(cell) >= 0) isAny = true;
    }
    return isAny;
  }

  /** Appends Cell.gone. */
  writeGone(into: CellBytes): void {
    if (!this.#dues.some(({ told }) => told.gone.first(this.#cell) >= 0)) return;
    const start = into.beginGone();
    for (const { told } of this.#dues) {
      const { gone } = told;
      for (let node = gone.first(this.#cell); node >= 0; node = gone.next(node)) {
        into.writer.packed(gone.value(node));
      }
    }
    into.writer.end(start);
  }

  /** Appends Cell.blocks_entities of those who need a record. */
  writeChanged(writer: WireWriter): void {
    for (const { told, changed, whole } of this.#dues) {
      for (const row of changed) this.#writeEntity(writer, { told, row, whole: false });
      for (const row of whole) this.#writeEntity(writer, { told, row, whole: true });
    }
  }

  /** Appends Cell.blocks_turns. */
  writeTurned(writer: WireWriter): void {
    if (this.#dues.every(({ turned }) => turned.length === 0)) return;
    const start = writer.begin(CELL_TURNS);
    let before = 0;
    for (const { told, turned } of this.#dues) {
      // Ids that are near each other have short differences.
      turned.sort((left, right) => left - right);
      for (const row of turned) {
        const id = told.ids[row] ?? 0;
        writer.packedSigned((id - before) | 0);
        writer.packed(this.#turnOf(told, row));
        before = id;
      }
    }
    writer.end(start);
  }

  /** Appends what each direction's strangers are told, after the cell's delta. */
  writeArrivals(into: CellBytes): void {
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      if ((this.#directions & (1 << direction)) === 0) continue;
      into.beginArrivals(direction);
      for (const { told, arrived, arrivedFrom } of this.#dues) {
        arrived.forEach((row, index) => {
          if (arrivedFrom[index] !== direction) return;
          this.#writeEntity(into.writer, { told, row, whole: true });
        });
      }
      into.endArrivals(direction);
    }
  }

  /** Appends Cell.blocks_entities of all who are in a cell. */
  writeAll(writer: WireWriter, cell: number): void {
    for (const { told } of this.#dues) {
      const { members } = told;
      for (let node = members.first(cell); node >= 0; node = members.next(node)) {
        this.#writeEntity(writer, { told, row: members.value(node), whole: true });
      }
    }
  }

  /** Part of a cell's state hash. */
  hashOf(cell: number): number {
    let hash = 0;
    for (const { told } of this.#dues) {
      const { members } = told;
      for (let node = members.first(cell); node >= 0; node = members.next(node)) {
        hash = (hash + hashOfRecord(told, members.value(node))) >>> 0;
      }
    }
    return hash;
  }

  #findIn(due: Due): void {
    const { told, turned, changed, whole, arrived, arrivedFrom } = due;
    const { members, toldTick } = told;
    const since = this.#since;
    turned.length = changed.length = whole.length = arrived.length = arrivedFrom.length = 0;
    for (let node = members.first(this.#cell); node >= 0; node = members.next(node)) {
      const row = members.value(node);
      if ((toldTick[row] ?? 0) <= since) continue;
      // One that crossed twice may have come from farther away than the cell beside.
      const isStranger =
        (told.cameTick[row] ?? 0) > since || (told.crossedBefore[row] ?? 0) > since;
      if (isStranger) {
        whole.push(row);
        continue;
      }
      if (this.#hasOnlyTurned(told, row)) turned.push(row);
      else changed.push(row);
      if ((told.crossedTick[row] ?? 0) <= since) continue;
      const direction = this.#directionTo(told.crossedFrom[row] ?? 0);
      arrived.push(row);
      arrivedFrom.push(direction);
      this.#directions |= 1 << direction;
    }
  }

  #hasOnlyTurned(told: ToldRecords, row: number): boolean {
    if ((told.gaits[row] ?? NO_GAIT) === NO_GAIT || (told.lookTick[row] ?? 0) > this.#since) {
      return false;
    }
    return this.#tick - (told.at[row] ?? 0) <= TURN_AGE_MAX;
  }

  #directionTo(from: number): number {
    const columns = this.#columns;
    const dx = (from % columns) - (this.#cell % columns);
    return directionTo(dx, Math.floor(from / columns) - Math.floor(this.#cell / columns));
  }

  #turnOf(told: ToldRecords, row: number): number {
    const turn = this.#turn;
    turn.x = (told.x[row] ?? 0) - (this.#cell % this.#columns) * CHUNK;
    turn.y = (told.y[row] ?? 0) - Math.floor(this.#cell / this.#columns) * CHUNK;
    turn.facing = told.facings[row] ?? 0;
    turn.gait = told.gaits[row] ?? 0;
    turn.age = this.#tick - (told.at[row] ?? 0);
    return packTurn(turn);
  }

  #writeEntity(
    writer: WireWriter,
    { told, row, whole }: { told: ToldRecords; row: number; whole: boolean },
  ): void {
    const start = writer.begin(CELL_ENTITIES);
    writer.uint32(ENTITY.id, told.ids[row] ?? 0);
    writer.uint32(ENTITY.kind, told.kinds[row] ?? 0);
    writer.uint32(ENTITY.x, told.x[row] ?? 0);
    writer.uint32(ENTITY.y, told.y[row] ?? 0);
    writer.sint32(ENTITY.vx, told.vx[row] ?? 0);
    writer.sint32(ENTITY.vy, told.vy[row] ?? 0);
    writer.uint32(ENTITY.age, this.#tick - (told.at[row] ?? 0));
    writer.uint32(ENTITY.wounds, told.wounds[row] ?? 0);
    writer.uint32(ENTITY.facing, told.facings[row] ?? 0);
    writer.uint32(ENTITY.state, told.states[row] ?? 0);
    writer.uint32(ENTITY.item, told.items[row] ?? 0);
    writer.uint32(ENTITY.count, told.counts[row] ?? 0);
    if (whole) {
      writer.string(ENTITY.name, told.nameOf(row));
      writer.string(ENTITY.home, told.homeOf(row));
    }
    writer.end(start);
  }
}

function hashOfRecord(told: ToldRecords, row: number): number {
  return hashBlocksEntity({
    id: told.ids[row] ?? 0,
    kind: told.kinds[row] ?? 0,
    x: told.x[row] ?? 0,
    y: told.y[row] ?? 0,
    vx: told.vx[row] ?? 0,
    vy: told.vy[row] ?? 0,
    tick: told.at[row] ?? 0,
    wounds: told.wounds[row] ?? 0,
    facing: told.facings[row] ?? 0,
    state: told.states[row] ?? 0,
    item: told.items[row] ?? 0,
    count: told.counts[row] ?? 0,
  });
}

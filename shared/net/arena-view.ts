// What a client knows of the arena around it.
//
// Everyone known moves on by itself, as its pose foretells, and frames tell only of what was not
// foretold. So each frame is applied to what the one before left, moved on to the new tick, in an
// order that docs/PROTOCOL.md gives and the shard relies on:
//
//   forget (reset, gone_cells) → advance → arena_moves → records → gone → cells that are not
//   watched → keyframes, of which those of watched cells prove by their hash that all was right
//
// One thing is done earlier than its turn: keyframes of newly watched cells put those right who are
// known already. They were watched until the frame before, so that nobody comes and goes at once
// for a listener, and a hash that is compared later does not count them in the wrong cell.

import {
  ARENA_UNIT,
  type ArenaParameters,
  advanceArena,
  arenaGrid,
  arenaTravel,
  cellAt,
  type GridShape,
} from "#shared/sim/index.ts";
import { hashArenaEntity } from "./arena-state-hash.ts";
import { KnownEntities } from "./known-entities.ts";
import type { TickFrame } from "./tick-frame.ts";

/**
 * Hears what frames change, while they are applied. Rows are those of `ArenaView.entities` and hold
 * for the call; what goes on as foretold is not told.
 */
export interface ArenaViewListener {
  /** Someone is in sight. */
  added(row: number): void;
  /** Position or pose are not what they were foretold to be. */
  moved(row: number): void;
  /** A record said something new, of position and pose or of wounds, score and name. */
  recorded(row: number): void;
  /** Someone is out of sight; the row holds what was known last. */
  forgotten(row: number): void;
}

const SILENT: ArenaViewListener = {
  added: () => undefined,
  moved: () => undefined,
  recorded: () => undefined,
  forgotten: () => undefined,
};

/** A cell's part in a frame. */
const DELTA = 0;
const FRESH = 1;
const HEALING = 2;

/** Applies tick frames; between two of them it is the shard's state of the watched cells. */
export class ArenaView {
  readonly entities = new KnownEntities();
  /** Keyframes of watched cells that proved, or did not, that this view is in sync. */
  checks = 0;
  mismatches = 0;
  readonly #listener: ArenaViewListener;
  readonly #parameters: ArenaParameters;
  readonly #grid: GridShape;
  readonly #xMax: number;
  readonly #yMax: number;
  readonly #watched = new Set<number>();
  readonly #goneCells = new Set<number>();
  /** DELTA, FRESH or HEALING for each cell of the frame. */
  readonly #parts: number[] = [];
  readonly #state = { id: 0, x: 0, y: 0, pose: 0, wounds: 0, score: 0 };
  #tick = 0;
  #previousTick = 0;
  /** What rows are marked with that the frame, or one of its keyframes, has told of. */
  #mark = 0;

  constructor(parameters: ArenaParameters, listener: ArenaViewListener = SILENT) {
    this.#parameters = parameters;
    this.#listener = listener;
    this.#grid = arenaGrid(parameters);
    this.#xMax = parameters.width * ARENA_UNIT;
    this.#yMax = parameters.height * ARENA_UNIT;
  }

  /** Of the last frame; everything here is as of its end. 0 before the first. */
  get tick(): number {
    return this.#tick;
  }

  /** Of the frame before. */
  get previousTick(): number {
    return this.#previousTick;
  }

  get watched(): ReadonlySet<number> {
    return this.#watched;
  }

  /** Takes a frame. Throws a `WireError` for a name that is no text; start anew after that. */
  apply(frame: TickFrame): void {
    // The shard's tick goes back when it has lost its last ones; its first frame then is a reset.
    if (frame.reset || frame.tick < this.#tick) this.clear();
    this.#previousTick = this.#tick;
    this.#tick = frame.tick;
    this.#mark += 1;
    this.#leaveCells(frame);
    this.#advance();
    this.#applyMoves(frame);
    this.#enterCells(frame);
    this.#applyDeltas(frame);
    this.#forgetGone(frame);
    this.#forgetUnwatched();
    this.#applyKeyframes(frame);
  }

  /** Forgets everything. */
  clear(): void {
    for (let row = this.entities.count - 1; row >= 0; row--) this.#forget(row);
    this.#watched.clear();
  }

  /** What a cell's keyframe would say as `state_hash` if this view is right. */
  hashOf(cell: number): number {
    const { entities } = this;
    const state = this.#state;
    let hash = 0;
    for (let row = 0; row < entities.count; row++) {
      if (entities.cell[row] !== cell) continue;
      state.id = entities.id[row] ?? 0;
      state.x = entities.x[row] ?? 0;
      state.y = entities.y[row] ?? 0;
      state.pose = entities.pose[row] ?? 0;
      state.wounds = entities.wounds[row] ?? 0;
      state.score = entities.score[row] ?? 0;
      hash = (hash + hashArenaEntity(state)) >>> 0;
    }
    return hash;
  }

  #leaveCells({ goneCells }: TickFrame): void {
    if (goneCells.count === 0) return;
    const gone = this.#goneCells;
    gone.clear();
    for (let index = 0; index < goneCells.count; index++) {
      const cell = goneCells.value[index] ?? 0;
      gone.add(cell);
      this.#watched.delete(cell);
    }
    const { entities } = this;
    for (let row = entities.count - 1; row >= 0; row--) {
      if (gone.has(entities.cell[row] ?? 0)) this.#forget(row);
    }
  }

  #advance(): void {
    const { count, x, y, pose } = this.entities;
    const travel = arenaTravel(this.#previousTick, this.#tick, this.#parameters.tickRate);
    for (let row = 0; row < count; row++) {
      const packed = pose[row] ?? 0;
      const dx = (packed & 3) - 1;
      const dy = ((packed >> 2) & 3) - 1;
      if (dx !== 0) x[row] = advanceArena(x[row] ?? 0, dx * travel, this.#xMax);
      if (dy !== 0) y[row] = advanceArena(y[row] ?? 0, dy * travel, this.#yMax);
    }
  }

  #applyMoves({ moves }: TickFrame): void {
    const { entities } = this;
    for (let index = 0; index < moves.count; index++) {
      const row = entities.rowOf(moves.id[index] ?? 0);
      if (row === -1) continue;
      entities.x[row] = (entities.x[row] ?? 0) + (moves.dx[index] ?? 0);
      entities.y[row] = (entities.y[row] ?? 0) + (moves.dy[index] ?? 0);
      entities.pose[row] = moves.pose[index] ?? 0;
      entities.mark[row] = this.#mark;
      this.#listener.moved(row);
    }
  }

  /** Decides which part each cell plays, and watches the new ones. */
  #enterCells({ cells }: TickFrame): void {
    for (let cell = 0; cell < cells.count; cell++) {
      const known = this.#watched.has(cells.number[cell] ?? 0);
      this.#parts[cell] = cells.keyframe[cell] === 0 ? DELTA : known ? HEALING : FRESH;
    }
    for (let cell = 0; cell < cells.count; cell++) {
      if (this.#parts[cell] === FRESH) this.#watched.add(cells.number[cell] ?? 0);
    }
  }

  #applyDeltas(frame: TickFrame): void {
    const { cells } = frame;
    for (let cell = 0; cell < cells.count; cell++) {
      const part = this.#parts[cell];
      const end = cells.recordEnd[cell] ?? 0;
      for (let record = frame.recordStart(cell); record < end; record++) {
        const row = this.entities.rowOf(frame.records.id[record] ?? 0);
        if (part === DELTA) this.#take(frame, record, row);
        else if (row !== -1 && part === FRESH) this.#take(frame, record, row);
        else if (row !== -1) this.entities.mark[row] = this.#mark;
      }
    }
  }

  /** Forgets who left unforetold, unless this frame has told of it elsewhere. */
  #forgetGone({ gone }: TickFrame): void {
    for (let index = 0; index < gone.count; index++) {
      const row = this.entities.rowOf(gone.value[index] ?? 0);
      if (row !== -1 && this.entities.mark[row] !== this.#mark) this.#forget(row);
    }
  }

  #forgetUnwatched(): void {
    const { entities } = this;
    for (let row = entities.count - 1; row >= 0; row--) {
      const cell = this.#cellAt(row);
      // Whoever was in a cell that is watched no longer is forgotten already.
      if (cell === entities.cell[row]) continue;
      entities.cell[row] = cell;
      if (!this.#watched.has(cell)) this.#forget(row);
    }
  }

  /** New cells first, so that everyone is where it is before a watched cell is compared. */
  #applyKeyframes(frame: TickFrame): void {
    const { cells } = frame;
    for (const part of [FRESH, HEALING]) {
      for (let cell = 0; cell < cells.count; cell++) {
        if (this.#parts[cell] !== part) continue;
        if (part === HEALING) this.#check(frame, cell);
        this.#replace(frame, cell);
      }
    }
  }

  #check({ cells }: TickFrame, cell: number): void {
    this.checks += 1;
    const hash = this.hashOf(cells.number[cell] ?? 0);
    if (hash !== cells.stateHash[cell]) this.mismatches += 1;
  }

  /** The keyframe's records are all that there is in its cell. */
  #replace(frame: TickFrame, cell: number): void {
    const { entities } = this;
    this.#mark += 1;
    const end = frame.cells.recordEnd[cell] ?? 0;
    for (let record = frame.recordStart(cell); record < end; record++) {
      const row = this.#take(frame, record, entities.rowOf(frame.records.id[record] ?? 0));
      if (row !== -1) entities.cell[row] = this.#cellAt(row);
    }
    const number = frame.cells.number[cell];
    for (let row = entities.count - 1; row >= 0; row--) {
      if (entities.cell[row] === number && entities.mark[row] !== this.#mark) this.#forget(row);
    }
  }

  /** Takes a record for the entity in that row, -1 for none; returns the row that it has then. */
  #take(frame: TickFrame, record: number, known: number): number {
    const { entities } = this;
    const { records } = frame;
    const named = records.nameStart[record] !== records.nameEnd[record];
    // Of someone who is not known: the record is for those who watch more.
    if (known === -1 && !named) return -1;
    const name = named ? frame.nameOf(record) : (entities.name[known] ?? "");
    const row = known === -1 ? entities.add(records.id[record] ?? 0) : known;
    const same = known !== -1 && name === entities.name[row] && this.#isSame(frame, record, row);
    entities.mark[row] = this.#mark;
    if (same) return row;
    entities.x[row] = records.x[record] ?? 0;
    entities.y[row] = records.y[record] ?? 0;
    entities.pose[row] = records.pose[record] ?? 0;
    entities.wounds[row] = records.wounds[record] ?? 0;
    entities.score[row] = records.score[record] ?? 0;
    entities.name[row] = name;
    if (known === -1) this.#listener.added(row);
    else this.#listener.recorded(row);
    return row;
  }

  #isSame({ records }: TickFrame, record: number, row: number): boolean {
    const { entities } = this;
    return (
      entities.x[row] === records.x[record] &&
      entities.y[row] === records.y[record] &&
      entities.pose[row] === records.pose[record] &&
      entities.wounds[row] === records.wounds[record] &&
      entities.score[row] === records.score[record]
    );
  }

  #cellAt(row: number): number {
    return cellAt(this.entities.x[row] ?? 0, this.entities.y[row] ?? 0, this.#grid);
  }

  #forget(row: number): void {
    this.#listener.forgotten(row);
    this.entities.remove(row);
  }
}

import {
  type ArenaEntityColumns,
  type ArenaEntityRecord,
  writeArenaDeath,
  writeArenaEntity,
  writeArenaEntityRows,
  writeArenaHit,
} from "#shared/net/arena-frames.ts";
import { hashArenaEntity } from "#shared/net/arena-state-hash.ts";
import { type CellBytes, DIRECTIONS, directionTo } from "#shared/net/cell-bytes.ts";
import { type ArenaWorld, advanceArena, arenaTravel, readArenaPose } from "#shared/sim/index.ts";
import { AskedCells, type CellEncoder, CellTurns } from "../cell-encoding.ts";
import { CellLists } from "../cell-lists.ts";
import {
  type ArenaTracker,
  DEPARTED_BORN,
  DEPARTED_ENTITY,
  EVENT_BY,
  EVENT_CELL,
  EVENT_DAMAGE,
  EVENT_ENTITY,
  ROW_MASK,
} from "./arena-tracker.ts";

/** Each cell proves itself to its watchers, and mends what they know, once in so many seconds. */
const HEALING_SECONDS = 30;

/** Encodes the arena's cells, each once for all who watch it. docs/PROTOCOL.md says what is due. */
export class ArenaEncoder implements CellEncoder {
  readonly #world: ArenaWorld;
  readonly #tracker: ArenaTracker;
  readonly #turns: CellTurns;
  readonly #asked: AskedCells;
  /** Of the window: first tick that is known to the clients, where it begins in the history. */
  #since = 0;
  #then = 0;
  /** How far one who moves goes in the window, and its length. */
  #travel = 0;
  #ticks = 0;
  /** Of the window, by cell: who left unforetold, and records of the events. */
  readonly #gone: CellLists;
  readonly #events: CellLists;
  /** The world and its tracker as records are written from them. */
  readonly #columns: ArenaEntityColumns;
  /** Of the open cell: rows that get a record with a name, and without one. */
  readonly #told: Uint32Array;
  #toldCount = 0;
  readonly #hurt: Uint32Array;
  #hurtCount = 0;
  /** Rows that came in, and from where. */
  readonly #arrived: Uint32Array;
  readonly #arrivedFrom: Uint8Array;
  #arrivedCount = 0;
  readonly #record: ArenaEntityRecord = {
    id: 0,
    x: 0,
    y: 0,
    pose: 0,
    wounds: 0,
    score: 0,
    name: "",
  };

  constructor(world: ArenaWorld, tracker: ArenaTracker) {
    const { columns, rows } = world.measures.grid;
    const { capacity } = world.players;
    this.#world = world;
    this.#tracker = tracker;
    const { tickRate } = world.parameters;
    this.#turns = new CellTurns(HEALING_SECONDS * tickRate);
    this.#asked = new AskedCells({ cells: columns * rows, intervalTicks: tickRate });
    this.#gone = new CellLists(columns * rows, 64);
    this.#events = new CellLists(columns * rows, 64);
    this.#columns = {
      ids: tracker.ids,
      xs: world.players.columns.x,
      ys: world.players.columns.y,
      poses: tracker.poses,
      wounds: tracker.wounds,
      scores: tracker.lasting.scores,
    };
    this.#told = new Uint32Array(capacity);
    this.#hurt = new Uint32Array(capacity);
    this.#arrived = new Uint32Array(capacity);
    this.#arrivedFrom = new Uint8Array(capacity);
  }

  /** Everyone who watches the cell gets its keyframe with the next frame, once a second at most. */
  heal(cell: number): void {
    this.#asked.ask(cell, this.#world.tick);
  }

  /** Sorts by cell what happened within the last `ticks` ticks and is not found by row. */
  openWindow(ticks: number): void {
    const { tick, parameters } = this.#world;
    const since = Math.max(0, tick - ticks);
    this.#since = since;
    this.#ticks = ticks;
    this.#then = this.#tracker.history.at(since);
    this.#travel = arenaTravel(since, tick, parameters.tickRate);
    this.#sortGone();
    this.#sortEvents();
  }

  #sortGone(): void {
    const { bornTick, movedTick, cells, ids, departures, history } = this.#tracker;
    const { rowCount } = this.#world.players;
    const since = this.#since;
    const then = this.#then;
    this.#gone.clear();
    for (let row = 0; row < rowCount; row++) {
      if ((movedTick[row] ?? 0) <= since || (bornTick[row] ?? 0) > since) continue;
      const cell = history.cells[then + row] ?? 0;
      if (cell !== cells[row]) this.#gone.add(cell, ids[row] ?? 0);
    }
    for (let record = departures.count - 1; record >= 0; record--) {
      if (departures.word(record, 0) <= since) break;
      if (departures.word(record, DEPARTED_BORN) > since) continue;
      const entity = departures.word(record, DEPARTED_ENTITY);
      this.#gone.add(history.cells[then + (entity & ROW_MASK)] ?? 0, entity);
    }
  }

  /** The latest first, so that each cell's list begins with the earliest. */
  #sortEvents(): void {
    const { events } = this.#tracker;
    this.#events.clear();
    for (let record = events.count - 1; record >= 0; record--) {
      if (events.word(record, 0) <= this.#since) break;
      this.#events.add(events.word(record, EVENT_CELL), record);
    }
  }

  isHealing(cell: number): boolean {
    if (this.#asked.isAskedSince(cell, this.#since)) return true;
    return this.#turns.isWithin(cell, this.#world.tick, this.#ticks);
  }

  encodeCell(into: CellBytes, cell: number, healing: boolean): void {
    into.open(cell);
    const directions = this.#encodeMoves(into, cell);
    into.endMoves();
    const gone = this.#gone.first(cell);
    const event = this.#events.first(cell);
    if (gone >= 0 || event >= 0 || this.#toldCount + this.#hurtCount > 0) {
      into.beginDelta();
      if (gone >= 0) this.#writeGone(into, gone);
      this.#writeChanged(into);
      for (let node = event; node >= 0; node = this.#events.next(node)) {
        this.#writeEvent(into, this.#events.value(node));
      }
      into.endDelta();
    }
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      if ((directions & (1 << direction)) !== 0) this.#encodeArrivals(into, direction);
    }
    into.close(healing);
  }

  /** Writes rows of moves, notes all else, and returns the directions that somebody came from. */
  #encodeMoves(into: CellBytes, cell: number): number {
    const { members, toldTick, hurtTick, movedTick, history } = this.#tracker;
    const since = this.#since;
    let directions = 0;
    this.#toldCount = 0;
    this.#hurtCount = 0;
    this.#arrivedCount = 0;
    for (let node = members.first(cell); node >= 0; node = members.next(node)) {
      const row = members.value(node);
      const told = (toldTick[row] ?? 0) > since;
      if (told) this.#told[this.#toldCount++] = row;
      else if ((hurtTick[row] ?? 0) > since) this.#hurt[this.#hurtCount++] = row;
      else if ((movedTick[row] ?? 0) > since) this.#writeMove(into, row);
      const came = history.cells[this.#then + row] ?? 0;
      // One that is told of with its name is news to nobody who watches this cell.
      if (!told && came !== cell) directions |= 1 << this.#noteArrival(row, cell, came);
    }
    return directions;
  }

  #writeMove({ writer }: CellBytes, row: number): void {
    const { history, ids } = this.#tracker;
    const { players, measures } = this.#world;
    const then = this.#then + row;
    const pose = history.poses[then] ?? 0;
    const distanceX = ((pose & 3) - 1) * this.#travel;
    const distanceY = (((pose >> 2) & 3) - 1) * this.#travel;
    const foretoldX = advanceArena(history.xs[then] ?? 0, distanceX, measures.xMax);
    const foretoldY = advanceArena(history.ys[then] ?? 0, distanceY, measures.yMax);
    writer.packed(ids[row] ?? 0);
    writer.packedSigned((players.columns.x[row] ?? 0) - foretoldX);
    writer.packedSigned((players.columns.y[row] ?? 0) - foretoldY);
    writer.packed(readArenaPose(this.#world, row));
  }

  #noteArrival(row: number, cell: number, came: number): number {
    const { columns } = this.#world.measures.grid;
    const dx = (came % columns) - (cell % columns);
    const dy = Math.floor(came / columns) - Math.floor(cell / columns);
    const direction = directionTo(dx, dy);
    this.#arrived[this.#arrivedCount] = row;
    this.#arrivedFrom[this.#arrivedCount] = direction;
    this.#arrivedCount += 1;
    return direction;
  }

  #writeGone(into: CellBytes, first: number): void {
    const start = into.beginGone();
    for (let node = first; node >= 0; node = this.#gone.next(node)) {
      into.writer.packed(this.#gone.value(node));
    }
    into.writer.end(start);
  }

  #writeChanged({ writer }: CellBytes): void {
    for (let index = 0; index < this.#toldCount; index++) {
      writeArenaEntity(writer, this.#read(this.#told[index] ?? 0));
    }
    writeArenaEntityRows(writer, this.#columns, this.#hurt, this.#hurtCount);
  }

  #writeEvent({ writer }: CellBytes, record: number): void {
    const { events } = this.#tracker;
    const damage = events.word(record, EVENT_DAMAGE);
    const entity = events.word(record, EVENT_ENTITY);
    const by = events.word(record, EVENT_BY);
    if (damage === 0) writeArenaDeath(writer, { entity, killer: by });
    else writeArenaHit(writer, { attacker: by, target: entity, damage });
  }

  #encodeArrivals(into: CellBytes, direction: number): void {
    into.beginArrivals(direction);
    for (let index = 0; index < this.#arrivedCount; index++) {
      if (this.#arrivedFrom[index] !== direction) continue;
      writeArenaEntity(into.writer, this.#read(this.#arrived[index] ?? 0));
    }
    into.endArrivals(direction);
  }

  encodeKeyframe(into: CellBytes, cell: number): void {
    const { members } = this.#tracker;
    let stateHash = 0;
    into.beginKeyframe(cell);
    for (let node = members.first(cell); node >= 0; node = members.next(node)) {
      const record = this.#read(members.value(node));
      writeArenaEntity(into.writer, record);
      stateHash = (stateHash + hashArenaEntity(record)) >>> 0;
    }
    into.endKeyframe(stateHash);
  }

  /** The row as a record that the next call fills anew. */
  #read(row: number): ArenaEntityRecord {
    const { columns } = this.#world.players;
    const { ids, wounds, lasting } = this.#tracker;
    const record = this.#record;
    record.id = ids[row] ?? 0;
    record.x = columns.x[row] ?? 0;
    record.y = columns.y[row] ?? 0;
    record.pose = readArenaPose(this.#world, row);
    record.wounds = wounds[row] ?? 0;
    record.score = lasting.scores[row] ?? 0;
    record.name = columns.name[row] ?? "";
    return record;
  }
}

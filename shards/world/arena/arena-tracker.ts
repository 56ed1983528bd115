// What changed in the arena, as its watchers must learn it.
//
// A client goes on moving everyone by itself, so something is due only when an entity did what its
// motion does not foretell: another pose, a hit, a respawn. After each step the tracker compares
// every row with what the tick before foretold of it, by the same closed form as the clients, and
// marks where they differ.
//
// Clients get their frames at different ticks and at different distances, so nothing is "sent and
// forgotten": whoever encodes looks at the marks within its window, and at the history for where
// everyone was when the window began.
import {
  ARENA_HEALTH_MAX,
  type ArenaWorld,
  advanceArena,
  arenaTravel,
  cellAt,
  readArenaPose,
} from "#shared/sim/index.ts";
import { CellLists } from "../cell-lists.ts";
import { TickLog } from "../tick-log.ts";
import { ArenaHistory } from "./arena-history.ts";

/** A row's place in an id. */
export const ROW_MASK = 0xf_ffff;
/** Departures remembered; more than all rows can have while they are. */
const DEPARTURES_MAX = 1 << 20;
/** Hits and deaths remembered; in a greater slaughter some are not told. */
const EVENTS_MAX = 65_536;

/** Words of a departure, after its tick. */
export const DEPARTED_ENTITY = 1;
/** Tick in which it had come. */
export const DEPARTED_BORN = 2;

/** Words of a hit or a death, after its tick. */
export const EVENT_CELL = 1;
/** 0 for a death. */
export const EVENT_DAMAGE = 2;
/** Whom it befell. */
export const EVENT_ENTITY = 3;
/** Who did it. */
export const EVENT_BY = 4;

/** Follows one arena; `observe` once after every step. */
export class ArenaTracker {
  readonly #world: ArenaWorld;
  readonly history: ArenaHistory;
  readonly ids: Uint32Array;
  readonly cells: Uint16Array;
  readonly poses: Uint8Array;
  readonly wounds: Uint8Array;
  readonly scores: Uint32Array;
  /** Tick in which the entity came into the world. */
  readonly bornTick: Uint32Array;
  /** Of the last motion that was not foretold. */
  readonly movedTick: Uint32Array;
  /** Of the last change of wounds or score. */
  readonly hurtTick: Uint32Array;
  /** In which it came, jumped or got its name: whoever watches may know nothing of it. */
  readonly toldTick: Uint32Array;
  /** The rows in each cell. */
  readonly members: CellLists;
  readonly departures = new TickLog(3, DEPARTURES_MAX);
  readonly events = new TickLog(5, EVENTS_MAX);
  readonly #names: string[];
  /** Where this tick and the one before begin in the history, and how far one moves between. */
  #now = 0;
  #before = 0;
  #travel = 0;

  constructor(world: ArenaWorld) {
    const { capacity } = world.players;
    const { columns, rows } = world.measures.grid;
    this.#world = world;
    this.history = new ArenaHistory(world);
    this.ids = new Uint32Array(capacity);
    this.cells = new Uint16Array(capacity);
    this.poses = new Uint8Array(capacity);
    this.wounds = new Uint8Array(capacity);
    this.scores = new Uint32Array(capacity);
    this.bornTick = new Uint32Array(capacity);
    this.movedTick = new Uint32Array(capacity);
    this.hurtTick = new Uint32Array(capacity);
    this.toldTick = new Uint32Array(capacity);
    this.members = new CellLists(columns * rows, capacity);
    this.#names = new Array<string>(capacity).fill("");
  }

  /** Row of an entity, -1 when it is not in the world. */
  rowOf(entity: number): number {
    const row = entity & ROW_MASK;
    return entity !== 0 && this.ids[row] === entity ? row : -1;
  }

  /** Compares the world with what the tick before foretold, after a step. */
  observe(): void {
    const { tick, players, parameters } = this.#world;
    const { history } = this;
    this.departures.forget(tick - history.ticksMax);
    this.events.forget(tick - history.ticksMax);
    this.#now = history.at(tick);
    this.#before = history.at(Math.max(0, tick - 1));
    this.#travel = arenaTravel(tick - 1, tick, parameters.tickRate);
    this.members.clear();
    for (let row = 0; row < players.rowCount; row++) {
      const id = players.ids[row] ?? 0;
      if (id !== this.ids[row]) this.#replace(row, id);
      if (id !== 0) this.#follow(row);
    }
    this.#noteEvents();
  }

  /** Another entity has the row now, or none. */
  #replace(row: number, id: number): void {
    const { tick } = this.#world;
    const departed = this.ids[row] ?? 0;
    if (departed !== 0) {
      const record = this.departures.add(tick);
      this.departures.write(record, DEPARTED_ENTITY, departed);
      this.departures.write(record, DEPARTED_BORN, this.bornTick[row] ?? 0);
    }
    this.ids[row] = id;
    this.bornTick[row] = tick;
    this.toldTick[row] = tick;
    this.movedTick[row] = 0;
    this.hurtTick[row] = 0;
  }

  #follow(row: number): void {
    const { tick, players, measures } = this.#world;
    const { columns } = players;
    const { history } = this;
    const x = columns.x[row] ?? 0;
    const y = columns.y[row] ?? 0;
    const pose = readArenaPose(this.#world, row);
    const wounds = ARENA_HEALTH_MAX - (columns.health[row] ?? 0);
    const score = columns.score[row] ?? 0;
    const name = columns.name[row] ?? "";
    if (this.bornTick[row] !== tick) {
      this.#compareMotion(row, x, y);
      if (pose !== this.poses[row]) this.movedTick[row] = tick;
      if (wounds !== this.wounds[row] || score !== this.scores[row]) this.hurtTick[row] = tick;
      if (name !== this.#names[row]) this.toldTick[row] = tick;
    }
    this.poses[row] = pose;
    this.wounds[row] = wounds;
    this.scores[row] = score;
    this.#names[row] = name;
    const cell = cellAt(x, y, measures.grid);
    const now = this.#now + row;
    history.xs[now] = x;
    history.ys[now] = y;
    history.poses[now] = pose;
    history.cells[now] = cell;
    this.cells[row] = cell;
    this.members.add(cell, row);
  }

  #compareMotion(row: number, x: number, y: number): void {
    const { tick, measures } = this.#world;
    const { history } = this;
    const travel = this.#travel;
    const before = this.#before + row;
    const pose = history.poses[before] ?? 0;
    const oldX = history.xs[before] ?? 0;
    const oldY = history.ys[before] ?? 0;
    const foretoldX = advanceArena(oldX, ((pose & 3) - 1) * travel, measures.xMax);
    const foretoldY = advanceArena(oldY, (((pose >> 2) & 3) - 1) * travel, measures.yMax);
    if (x === foretoldX && y === foretoldY) return;
    this.movedTick[row] = tick;
    // Farther than anyone goes: it may have come from anywhere.
    if (Math.abs(x - oldX) > travel || Math.abs(y - oldY) > travel) this.toldTick[row] = tick;
  }

  #noteEvents(): void {
    const { hits, deaths } = this.#world.effects;
    for (const { attacker, target, damage } of hits) this.#noteEvent(target, attacker, damage);
    for (const { entity, killer } of deaths) this.#noteEvent(entity, killer, 0);
  }

  #noteEvent(entity: number, by: number, damage: number): void {
    const row = this.rowOf(entity);
    const record = row === -1 ? -1 : this.events.add(this.#world.tick);
    if (record === -1) return;
    this.events.write(record, EVENT_CELL, this.cells[row] ?? 0);
    this.events.write(record, EVENT_DAMAGE, damage);
    this.events.write(record, EVENT_ENTITY, entity);
    this.events.write(record, EVENT_BY, by);
  }
}

// What changed in the arena, as its watchers must learn it.
//
// A client goes on moving everyone by itself, so something is due only when an entity did what its
// motion does not foretell: another pose, a hit, a respawn. After each step the tracker compares
// every row with what the tick before foretold of it, by the same closed form as the clients, and
// marks where they differ.
//
// Clients get their frames at different ticks and at different distances, so nothing is "sent and
// forgotten": whoever encodes looks at the marks within its window, and at the history for where
// everyone was when the window began. What lasts is marked in the tick whose frames are the first
// to show it, see arena-lasting.ts.
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
import { ArenaLasting, type ArenaShownHandler } from "./arena-lasting.ts";

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

/** Follows one arena; `observe` once after every step, `show` once before its frames are made. */
export class ArenaTracker implements ArenaShownHandler {
  readonly #world: ArenaWorld;
  readonly history: ArenaHistory;
  readonly lasting: ArenaLasting;
  readonly ids: Uint32Array;
  readonly cells: Uint16Array;
  readonly poses: Uint8Array;
  readonly wounds: Uint8Array;
  /** Tick in which the entity came into the world. */
  readonly bornTick: Uint32Array;
  /** Of the last motion that was not foretold. */
  readonly movedTick: Uint32Array;
  /** Of the last change of wounds or of the shown score. */
  readonly hurtTick: Uint32Array;
  /** In which something that lasts became visible to the player itself. */
  readonly shownTick: Uint32Array;
  /** In which it came, jumped or got its name: whoever watches may know nothing of it. */
  readonly toldTick: Uint32Array;
  /** The rows in each cell. */
  readonly members: CellLists;
  readonly departures = new TickLog(3, DEPARTURES_MAX);
  readonly events = new TickLog(5, EVENTS_MAX);
  readonly #names: string[];

  constructor(world: ArenaWorld) {
    const { capacity } = world.players;
    const { columns, rows } = world.measures.grid;
    this.#world = world;
    this.history = new ArenaHistory(world);
    this.lasting = new ArenaLasting(world);
    this.ids = new Uint32Array(capacity);
    this.cells = new Uint16Array(capacity);
    this.poses = new Uint8Array(capacity);
    this.wounds = new Uint8Array(capacity);
    this.bornTick = new Uint32Array(capacity);
    this.movedTick = new Uint32Array(capacity);
    this.hurtTick = new Uint32Array(capacity);
    this.shownTick = new Uint32Array(capacity);
    this.toldTick = new Uint32Array(capacity);
    this.members = new CellLists(columns * rows, capacity);
    this.#names = new Array<string>(capacity).fill("");
  }

  /** Row of an entity, -1 when it is not in the world. */
  rowOf(entity: number): number {
    const row = entity & ROW_MASK;
    return entity !== 0 && this.ids[row] === entity ? row : -1;
  }

  /** Takes all that lasts for committed: before the first step after a start or a replay. */
  adopt(): void {
    this.lasting.adopt();
  }

  /** Compares the world with what the tick before foretold, after a step. */
  observe(): void {
    const { tick, players } = this.#world;
    const { history, ids } = this;
    this.departures.forget(tick - history.ticksMax);
    this.events.forget(tick - history.ticksMax);
    for (let row = 0; row < players.rowCount; row++) {
      const id = players.ids[row] ?? 0;
      if (id !== ids[row]) this.#replace(row, id);
    }
    this.#noteLasting();
    // One walk over all rows for each question, with the arrays that it needs at hand: half the
    // time of asking everything of one row after the other.
    this.#compareMotion();
    this.#compareState();
    this.#sortIntoCells();
    this.#noteEvents();
  }

  /** Makes what lasts visible as of a committed tick. */
  show(committedTick: number): void {
    this.lasting.show(committedTick, this);
  }

  changed(row: number, score: boolean): void {
    const { tick } = this.#world;
    this.shownTick[row] = tick;
    if (score) this.hurtTick[row] = tick;
  }

  died(cell: number, entity: number, killer: number): void {
    this.#addEvent({ cell, damage: 0, entity, by: killer });
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
    this.shownTick[row] = 0;
    this.lasting.replace(row);
  }

  #noteLasting(): void {
    for (const entity of this.#world.effects.lasting) {
      const row = this.rowOf(entity);
      if (row !== -1) this.lasting.note(row);
    }
  }

  #compareMotion(): void {
    const { tick, players, parameters, measures } = this.#world;
    const { ids, columns, rowCount } = players;
    const { history, bornTick, movedTick, toldTick } = this;
    const { xs, ys, poses } = history;
    const { xMax, yMax } = measures;
    const now = history.at(tick);
    const before = history.at(Math.max(0, tick - 1));
    const travel = arenaTravel(tick - 1, tick, parameters.tickRate);
    for (let row = 0; row < rowCount; row++) {
      if (ids[row] === 0) continue;
      const x = columns.x[row] ?? 0;
      const y = columns.y[row] ?? 0;
      const pose = readArenaPose(this.#world, row);
      xs[now + row] = x;
      ys[now + row] = y;
      poses[now + row] = pose;
      this.poses[row] = pose;
      if (bornTick[row] === tick) continue;
      const believed = poses[before + row] ?? 0;
      const oldX = xs[before + row] ?? 0;
      const oldY = ys[before + row] ?? 0;
      const foretold =
        pose === believed &&
        x === advanceArena(oldX, ((believed & 3) - 1) * travel, xMax) &&
        y === advanceArena(oldY, (((believed >> 2) & 3) - 1) * travel, yMax);
      if (foretold) continue;
      movedTick[row] = tick;
      // Farther than anyone goes: it may have come from anywhere.
      if (Math.abs(x - oldX) > travel || Math.abs(y - oldY) > travel) toldTick[row] = tick;
    }
  }

  #compareState(): void {
    const { tick, players } = this.#world;
    const { ids, rowCount, columns } = players;
    const { wounds, bornTick, hurtTick, toldTick } = this;
    const { health, name } = columns;
    const names = this.#names;
    for (let row = 0; row < rowCount; row++) {
      if (ids[row] === 0) continue;
      const missing = ARENA_HEALTH_MAX - (health[row] ?? 0);
      if (missing !== wounds[row]) {
        wounds[row] = missing;
        if (bornTick[row] !== tick) hurtTick[row] = tick;
      }
      if (name[row] === names[row]) continue;
      names[row] = name[row] ?? "";
      toldTick[row] = tick;
    }
  }

  #sortIntoCells(): void {
    const { tick, players, measures } = this.#world;
    const { ids, rowCount, columns } = players;
    const { members, cells, history } = this;
    const { x, y } = columns;
    const now = history.at(tick);
    members.clear();
    for (let row = 0; row < rowCount; row++) {
      if (ids[row] === 0) continue;
      const cell = cellAt(x[row] ?? 0, y[row] ?? 0, measures.grid);
      cells[row] = cell;
      history.cells[now + row] = cell;
      members.add(cell, row);
    }
  }

  /** Hits are seen at once, deaths once they are committed. */
  #noteEvents(): void {
    const { hits, deaths } = this.#world.effects;
    for (const { attacker, target, damage } of hits) {
      const row = this.rowOf(target);
      if (row === -1) continue;
      this.#addEvent({ cell: this.cells[row] ?? 0, damage, entity: target, by: attacker });
    }
    for (const { entity, killer } of deaths) {
      const row = this.rowOf(entity);
      if (row !== -1) this.lasting.noteDeath(this.cells[row] ?? 0, entity, killer);
    }
  }

  #addEvent(event: { cell: number; damage: number; entity: number; by: number }): void {
    const record = this.events.add(this.#world.tick);
    if (record === -1) return;
    this.events.write(record, EVENT_CELL, event.cell);
    this.events.write(record, EVENT_DAMAGE, event.damage);
    this.events.write(record, EVENT_ENTITY, event.entity);
    this.events.write(record, EVENT_BY, event.by);
  }
}

// What changed in the arena, as its watchers must learn it.
//
// A client goes on moving everyone by itself, so a record is due only when an entity did something
// that its last record does not foretell: another pose, a hit, a respawn. The tracker keeps what
// the watchers believe (position, pose, wounds, score) and moves it on by the same closed form as
// they do; where belief and state differ, the row is marked with the tick.
//
// Frames go to a third of the clients each tick, so nothing is "sent and forgotten": a delta holds
// whatever was marked within the last `ticks` ticks, whoever asks.
import {
  ARENA_HEALTH_MAX,
  type ArenaWorld,
  advanceArena,
  arenaTravel,
  cellAt,
  readArenaPose,
} from "#shared/sim/index.ts";

/** Ticks for which departures and events are remembered; more than any send interval. */
const MEMORY_TICKS = 8;

interface Departure {
  tick: number;
  cell: number;
  entity: number;
}

export interface TrackedHit {
  tick: number;
  cell: number;
  attacker: number;
  target: number;
  damage: number;
}

export interface TrackedDeath {
  tick: number;
  cell: number;
  entity: number;
  killer: number;
}

/** Follows one arena; `observe` once after every step. */
export class ArenaTracker {
  readonly #world: ArenaWorld;
  readonly ids: Uint32Array;
  /** Each row's cell; -1 for a free row. */
  readonly cells: Int32Array;
  readonly poses: Uint8Array;
  readonly wounds: Uint8Array;
  readonly scores: Uint32Array;
  /** Tick of the last change that clients cannot foretell. */
  readonly changedTick: Float64Array;
  /** Tick in which the entity came into its cell or got its name: watchers need the name. */
  readonly namedTick: Float64Array;
  readonly #names: string[];
  readonly #xs: Uint16Array;
  readonly #ys: Uint16Array;
  #departures: Departure[] = [];
  #hits: TrackedHit[] = [];
  #deaths: TrackedDeath[] = [];

  constructor(world: ArenaWorld) {
    const { capacity } = world.players;
    this.#world = world;
    this.ids = new Uint32Array(capacity);
    this.cells = new Int32Array(capacity).fill(-1);
    this.poses = new Uint8Array(capacity);
    this.wounds = new Uint8Array(capacity);
    this.scores = new Uint32Array(capacity);
    this.changedTick = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
    this.namedTick = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
    this.#names = new Array<string>(capacity).fill("");
    this.#xs = new Uint16Array(capacity);
    this.#ys = new Uint16Array(capacity);
  }

  /** Who left a cell within the last `ticks` ticks. */
  departures(): readonly Departure[] {
    return this.#departures;
  }

  hits(): readonly TrackedHit[] {
    return this.#hits;
  }

  deaths(): readonly TrackedDeath[] {
    return this.#deaths;
  }

  /** Compares the world with what watchers believe, after a step. */
  observe(): void {
    const { tick, players, parameters } = this.#world;
    this.#forget(tick - MEMORY_TICKS);
    const travel = arenaTravel(tick - 1, tick, parameters.tickRate);
    for (let row = 0; row < players.rowCount; row++) {
      const id = players.ids[row] ?? 0;
      if (id !== this.ids[row]) this.#replace(row, id);
      if (id !== 0) this.#compare(row, travel);
    }
    this.#noteEvents();
  }

  #replace(row: number, id: number): void {
    this.#depart(row);
    this.ids[row] = id;
    this.cells[row] = -1;
  }

  #compare(row: number, travel: number): void {
    const { tick, players, measures } = this.#world;
    const { columns } = players;
    const x = columns.x[row] ?? 0;
    const y = columns.y[row] ?? 0;
    const pose = readArenaPose(this.#world, row);
    const wounds = ARENA_HEALTH_MAX - (columns.health[row] ?? 0);
    const score = columns.score[row] ?? 0;
    const believed = this.poses[row] ?? 0;
    const believedX = (this.#xs[row] ?? 0) + ((believed & 3) - 1) * travel;
    const believedY = (this.#ys[row] ?? 0) + (((believed >> 2) & 3) - 1) * travel;
    const foretold =
      pose === believed &&
      x === advanceArena(believedX, 0, measures.xMax) &&
      y === advanceArena(believedY, 0, measures.yMax) &&
      wounds === this.wounds[row] &&
      score === this.scores[row];
    if (!foretold) this.changedTick[row] = tick;
    this.#xs[row] = x;
    this.#ys[row] = y;
    this.poses[row] = pose;
    this.wounds[row] = wounds;
    this.scores[row] = score;
    const name = columns.name[row] ?? "";
    if (name !== this.#names[row]) {
      this.#names[row] = name;
      this.namedTick[row] = tick;
    }
    const cell = cellAt(x, y, measures.grid);
    if (cell !== this.cells[row]) this.#enter(row, cell);
  }

  #enter(row: number, cell: number): void {
    this.#depart(row);
    this.cells[row] = cell;
    this.namedTick[row] = this.#world.tick;
  }

  #depart(row: number): void {
    const cell = this.cells[row] ?? -1;
    if (cell < 0) return;
    this.#departures.push({ tick: this.#world.tick, cell, entity: this.ids[row] ?? 0 });
  }

  #noteEvents(): void {
    const { tick, effects } = this.#world;
    for (const { attacker, target, damage } of effects.hits) {
      const cell = this.#cellOf(target);
      if (cell >= 0) this.#hits.push({ tick, cell, attacker, target, damage });
    }
    for (const { entity, killer } of effects.deaths) {
      const cell = this.#cellOf(entity);
      if (cell >= 0) this.#deaths.push({ tick, cell, entity, killer });
    }
  }

  #cellOf(entity: number): number {
    const row = entity & 0xf_ffff;
    return this.ids[row] === entity ? (this.cells[row] ?? -1) : -1;
  }

  #forget(tick: number): void {
    this.#departures = dropUntil(this.#departures, tick);
    this.#hits = dropUntil(this.#hits, tick);
    this.#deaths = dropUntil(this.#deaths, tick);
  }
}

/** Without the entries up to `tick`; they are in order of tick. */
function dropUntil<Entry extends { tick: number }>(entries: Entry[], tick: number): Entry[] {
  if (entries.length === 0 || (entries[0]?.tick ?? 0) > tick) return entries;
  return entries.filter((entry) => entry.tick > tick);
}

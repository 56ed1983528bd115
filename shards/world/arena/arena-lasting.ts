// What lasts of the arena's players (score, kills, deaths, credits), as it may be shown.
//
// A frame must not show what a crash could still take back. Movement may be shown: a client
// reconciles over a few ticks and nobody minds. A point that was on the screen and is gone after
// the crash was acknowledged and lost. So what lasts is shown only once the tick in which it
// changed is in the shard's database. Mostly that is before the tick's frames go out and nothing
// differs; when the disk is slow, frames go ahead and their lasting values lag behind.
//
//   world     40 41 41 51 51 51      score of one player at the end of ticks 1 to 6
//   committed  1  1  2  3  3  6      last committed tick when the frames of these ticks go out
//   shown     40 40 41 41 41 51
//
// Copies of what is shown stand beside the world's columns; in between waits a log of changes, of
// which those up to the committed tick are taken over right before a tick's frames are made.
import { type ArenaWorld, rowOf } from "#shared/sim/index.ts";
import { TickLog } from "../tick-log.ts";

/**
 * Changes that wait for their commit: ten seconds of a slaughter among ten thousand. Beyond it the
 * newest are not noted, and all is shown anew once everything is committed.
 */
const CHANGES_MAX = 262_144;
/** Deaths that wait for their commit; in a greater slaughter some are not told. */
const DEATHS_MAX = 65_536;

/** Columns of the world that last; `#shown` has a copy of each. The first is seen by others. */
const LASTING = ["score", "kills", "deaths", "credits"] as const;

/** Words of a change: tick, entity and the columns. */
const CHANGE_ENTITY = 1;
const CHANGE_VALUES = 2;
/** Words of a death, after its tick. */
const DEATH_CELL = 1;
const DEATH_ENTITY = 2;
const DEATH_KILLER = 3;

/** Is told of what becomes visible. */
export interface ArenaShownHandler {
  /** The player in a row has something else that lasts; `score` when others see it too. */
  changed(row: number, score: boolean): void;
  died(cell: number, entity: number, killer: number): void;
}

/** What lasts as it is shown, by row of the world's table. */
export class ArenaLasting {
  readonly scores: Uint32Array;
  readonly kills: Uint32Array;
  readonly deaths: Uint32Array;
  readonly credits: Uint32Array;
  readonly #world: ArenaWorld;
  readonly #columns: readonly (Uint32Array | Uint8Array)[];
  readonly #shown: readonly Uint32Array[];
  /** Of whom the values are. */
  readonly #ids: Uint32Array;
  readonly #changes = new TickLog(CHANGE_VALUES + LASTING.length, CHANGES_MAX);
  readonly #deaths = new TickLog(4, DEATHS_MAX);
  /** Some change found no room. */
  #isIncomplete = false;

  constructor(world: ArenaWorld) {
    const { capacity, columns } = world.players;
    this.#world = world;
    this.scores = new Uint32Array(capacity);
    this.kills = new Uint32Array(capacity);
    this.deaths = new Uint32Array(capacity);
    this.credits = new Uint32Array(capacity);
    this.#columns = LASTING.map((name) => columns[name]);
    this.#shown = [this.scores, this.kills, this.deaths, this.credits];
    this.#ids = new Uint32Array(capacity);
  }

  /** Takes all that the world holds for committed. */
  adopt(): void {
    const { ids } = this.#world.players;
    this.#ids.set(ids);
    for (const [index, column] of this.#columns.entries()) this.#shown[index]?.set(column);
  }

  /**
   * Somebody else is in a row now, or nobody. A newcomer has done nothing yet, so that its score is
   * what it came with; what else it has only it sees, and not before its welcome.
   */
  replace(row: number): void {
    const entity = this.#world.players.ids[row] ?? 0;
    if (this.#ids[row] === entity) return;
    this.#ids[row] = entity;
    for (let index = 0; index < LASTING.length; index++) {
      const shown = this.#shown[index];
      if (shown !== undefined) shown[row] = this.#columns[index]?.[row] ?? 0;
    }
  }

  /** In this tick something that lasts changed of the player in a row. */
  note(row: number): void {
    const changes = this.#changes;
    const change = changes.add(this.#world.tick);
    if (change === -1) {
      this.#isIncomplete = true;
      return;
    }
    changes.write(change, CHANGE_ENTITY, this.#ids[row] ?? 0);
    for (let index = 0; index < LASTING.length; index++) {
      changes.write(change, CHANGE_VALUES + index, this.#columns[index]?.[row] ?? 0);
    }
  }

  /** In this tick somebody was killed, in that cell. */
  noteDeath(cell: number, entity: number, killer: number): void {
    const death = this.#deaths.add(this.#world.tick);
    if (death === -1) return;
    this.#deaths.write(death, DEATH_CELL, cell);
    this.#deaths.write(death, DEATH_ENTITY, entity);
    this.#deaths.write(death, DEATH_KILLER, killer);
  }

  /** Makes visible what changed up to a committed tick. */
  show(committedTick: number, handler: ArenaShownHandler): void {
    const changes = this.#changes;
    for (let change = 0; change < changes.count; change++) {
      if (changes.word(change, 0) > committedTick) break;
      this.#showChange(change, handler);
    }
    changes.forget(committedTick);
    this.#showDeaths(committedTick, handler);
    if (this.#isIncomplete && committedTick === this.#world.tick) this.#showAll(handler);
  }

  #showChange(change: number, handler: ArenaShownHandler): void {
    const entity = this.#changes.word(change, CHANGE_ENTITY);
    const row = rowOf(this.#world.players, entity);
    if (row === -1) return;
    let isScore = false;
    for (let index = 0; index < LASTING.length; index++) {
      const value = this.#changes.word(change, CHANGE_VALUES + index);
      const shown = this.#shown[index];
      if (shown === undefined || shown[row] === value) continue;
      shown[row] = value;
      if (index === 0) isScore = true;
    }
    handler.changed(row, isScore);
  }

  #showDeaths(committedTick: number, handler: ArenaShownHandler): void {
    const deaths = this.#deaths;
    for (let death = 0; death < deaths.count; death++) {
      if (deaths.word(death, 0) > committedTick) break;
      const cell = deaths.word(death, DEATH_CELL);
      const entity = deaths.word(death, DEATH_ENTITY);
      handler.died(cell, entity, deaths.word(death, DEATH_KILLER));
    }
    deaths.forget(committedTick);
  }

  /** Makes up for changes that found no room. */
  #showAll(handler: ArenaShownHandler): void {
    const { ids, rowCount } = this.#world.players;
    this.#isIncomplete = false;
    this.adopt();
    for (let row = 0; row < rowCount; row++) if (ids[row] !== 0) handler.changed(row, true);
  }
}

// What a legacy client is told of the players around it.
//
// A frame of the shard changes what is known of the watched cells; the listener notes whom it
// touched. Then each touched player is compared with what the client was last told of it, and the
// difference is written in the client's form. So it does not matter in which of its many ways the
// frame said it, and a player who changed and changed back is no news.

import { ArenaState } from "#proto/arena_pb.ts";
import type { ArenaView } from "#shared/net/arena-view.ts";
import {
  type ArenaParameters,
  advanceArena,
  arenaTravel,
  measureArena,
  unpackArenaPose,
} from "#shared/sim/index.ts";
import type { LegacyRecord, LegacyWriter } from "./legacy-writer.ts";

/** Two ages of the ancestor: events of 6 to 9 bytes, or records in numbered deltas. */
export type LegacyForm = "events" | "delta";

/** A player at the end of a frame's tick. */
interface Seen {
  /** Tenths of a unit. */
  x: number;
  y: number;
  pose: number;
}

export interface LegacySceneOptions {
  form: LegacyForm;
  /** The client's own player. */
  own: number;
  parameters: ArenaParameters;
}

/**
 * Seconds after which everything is told anew, as the ancestor did: its client drops news of
 * players whose pictures it is still loading, and events carry no position.
 */
const FULL_STATE_SECONDS = 30;

/** What the client believes of another player: a place, from which it moves on by itself. */
interface Told extends Seen {
  tick: number;
  /** When an attack of it was last told. */
  attackTick: number;
}

/** Keeps what one client has been told, and writes what is new to it. */
export class LegacyScene {
  readonly #options: LegacySceneOptions;
  readonly #out: LegacyWriter;
  readonly #xMax: number;
  readonly #yMax: number;
  readonly #attackTicks: number;
  readonly #told = new Map<number, Told>();
  readonly #touched = new Set<number>();
  /** Touched players that were there before and still are. */
  readonly #stayed: number[] = [];
  readonly #seen: Seen = { x: 0, y: 0, pose: 0 };
  /** Tick of the last full state; undefined before the first. */
  #fullTick: number | undefined;
  #isFullDue = true;
  /** The client may never have had a list: the next one might be its first. */
  #isAnew = true;
  #isOwnDead = false;
  #sequence = 0;

  constructor(options: LegacySceneOptions, out: LegacyWriter) {
    this.#options = options;
    this.#out = out;
    const { xMax, yMax, attackTicks } = measureArena(options.parameters);
    this.#xMax = xMax;
    this.#yMax = yMax;
    this.#attackTicks = attackTicks;
  }

  /** A frame said something of this player, or that it is known no longer. */
  touch(id: number): void {
    this.#touched.add(id);
  }

  /** What was known is void; the client is told everything anew. */
  reset(): void {
    this.#isFullDue = true;
    this.#isAnew = true;
  }

  /** Writes what is new to the client since the last time. */
  tell(around: ArenaView): void {
    const isOwnKnown = this.#see(around, this.#options.own);
    if (isOwnKnown) this.#noteOwnState(this.#seen.pose);
    // Without the own player in it, the client would take another for its own.
    if (isOwnKnown && this.#isDue(around.tick)) this.#tellAll(around);
    else if (this.#fullTick !== undefined) this.#tellTouched(around);
    this.#touched.clear();
  }

  #isDue(tick: number): boolean {
    if (this.#isFullDue || this.#fullTick === undefined) return true;
    return tick - this.#fullTick >= FULL_STATE_SECONDS * this.#options.parameters.tickRate;
  }

  /** A return from death is a leap, which nothing but a full state tells a client of itself. */
  #noteOwnState(pose: number): void {
    const isDead = isDeadPose(pose);
    if (this.#isOwnDead && !isDead) this.#isFullDue = true;
    this.#isOwnDead = isDead;
  }

  #tellAll(around: ArenaView): void {
    const { own, form } = this.#options;
    // The client takes the highest number of its first list for its own: higher ones join later.
    const highest = this.#isAnew ? own : Number.POSITIVE_INFINITY;
    const later: number[] = [];
    this.#told.clear();
    this.#out.beginList("gameState", this.#nextSequence());
    const { entities, tick } = around;
    for (let row = 0; row < entities.count; row++) {
      const id = entities.id[row] ?? 0;
      if (id > highest) later.push(id);
      else if (this.#see(around, id)) this.#out.addRecord(this.#remember(id, tick));
    }
    this.#out.endList();
    this.#told.delete(own);
    if (form === "events") for (const [id, told] of this.#told) this.#tellMotion(id, told.pose);
    for (const id of later) if (this.#see(around, id)) this.#introduce(id, tick);
    this.#fullTick = tick;
    this.#isFullDue = false;
    this.#isAnew = false;
  }

  #tellTouched(around: ArenaView): void {
    for (const id of this.#touched) {
      if (id === this.#options.own) continue;
      const isThere = this.#see(around, id);
      const wasThere = this.#told.has(id);
      if (isThere && wasThere) this.#stayed.push(id);
      else if (isThere) this.#introduce(id, around.tick);
      else if (wasThere) this.#dismiss(id);
    }
    if (this.#options.form === "events") this.#tellEvents(around);
    else this.#tellDelta(around);
    this.#stayed.length = 0;
  }

  #tellEvents(around: ArenaView): void {
    for (const id of this.#stayed) {
      const told = this.#told.get(id);
      if (told === undefined || !this.#see(around, id)) continue;
      const { attackTick } = told;
      const before = unpackArenaPose(told.pose);
      const record = this.#remember(id, around.tick, attackTick);
      if (this.#hasAttacked(before.state, record.state, around.tick - attackTick)) {
        this.#out.attack(record);
        told.attackTick = around.tick;
      }
      if (before.dx !== record.dx || before.dy !== record.dy) this.#out.movement(record);
      if (before.facingRight !== record.facingRight) this.#out.direction(record);
    }
  }

  #tellDelta(around: ArenaView): void {
    let isBegun = false;
    for (const id of this.#stayed) {
      const told = this.#told.get(id);
      if (told === undefined || !this.#see(around, id)) continue;
      if (this.#isForetold(told, around.tick)) continue;
      if (!isBegun) this.#out.beginList("deltaGameState", this.#nextSequence());
      isBegun = true;
      this.#out.addRecord(this.#remember(id, around.tick));
    }
    if (isBegun) this.#out.endList();
  }

  /** Whether an attack began; one that follows another at once shows by its length alone. */
  #hasAttacked(before: ArenaState, state: number, sinceToldTicks: number): boolean {
    if (state !== LEGACY_STATE[ArenaState.ATTACKING]) return false;
    return before !== ArenaState.ATTACKING || sinceToldTicks >= this.#attackTicks;
  }

  /** Whether the client, moving the player on by itself, has it as it is. */
  #isForetold(told: Told, tick: number): boolean {
    const { x, y, pose } = this.#seen;
    if (told.pose !== pose) return false;
    const { dx, dy } = unpackArenaPose(pose);
    const travel = arenaTravel(told.tick, tick, this.#options.parameters.tickRate);
    return (
      advanceArena(told.x, dx * travel, this.#xMax) === x &&
      advanceArena(told.y, dy * travel, this.#yMax) === y
    );
  }

  #introduce(id: number, tick: number): void {
    this.#out.playerJoined(this.#remember(id, tick));
    if (this.#options.form === "events") this.#tellMotion(id, this.#seen.pose);
  }

  #dismiss(id: number): void {
    this.#out.playerLeft(id);
    this.#told.delete(id);
  }

  /** Clients of the events form take a velocity from events alone, not from records. */
  #tellMotion(id: number, pose: number): void {
    const { dx, dy } = unpackArenaPose(pose);
    if (dx !== 0 || dy !== 0) this.#out.movement(recordOf(id, { x: 0, y: 0, pose }));
  }

  /** Whether the player is there for the client; the dead are not, but for the client itself. */
  #see(around: ArenaView, id: number): boolean {
    const { entities } = around;
    const row = entities.rowOf(id);
    if (row === -1) return false;
    this.#seen.x = entities.x[row] ?? 0;
    this.#seen.y = entities.y[row] ?? 0;
    this.#seen.pose = entities.pose[row] ?? 0;
    return id === this.#options.own || !isDeadPose(this.#seen.pose);
  }

  /** Notes that the client is being told what was just seen, and returns its record. */
  #remember(id: number, tick: number, attackTick = tick): LegacyRecord {
    const { x, y, pose } = this.#seen;
    const told = this.#told.get(id);
    if (told === undefined) this.#told.set(id, { x, y, pose, tick, attackTick });
    else Object.assign(told, { x, y, pose, tick, attackTick });
    return recordOf(id, this.#seen);
  }

  /** Of the next list; undefined in the form that does not number them. */
  #nextSequence(): number | undefined {
    if (this.#options.form === "events") return undefined;
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }
}

/** States as the ancestor numbers them. It has no dead: the own player lies there as idle. */
const LEGACY_STATE: Readonly<Record<ArenaState, number>> = {
  [ArenaState.UNSPECIFIED]: 0,
  [ArenaState.IDLE]: 0,
  [ArenaState.MOVING]: 1,
  [ArenaState.ATTACKING]: 2,
  [ArenaState.DEAD]: 0,
};

function recordOf(id: number, { x, y, pose }: Seen): LegacyRecord {
  const { dx, dy, facingRight, state } = unpackArenaPose(pose);
  return { id, x, y, dx, dy, facingRight, state: LEGACY_STATE[state] };
}

function isDeadPose(pose: number): boolean {
  return unpackArenaPose(pose).state === ArenaState.DEAD;
}

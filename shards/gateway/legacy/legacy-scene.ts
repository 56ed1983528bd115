// What a legacy client is told of the players around it.
//
// A frame of the shard changes what is known of the watched cells; the listener notes whom it
// touched. Then each touched player is compared with what the client was last told of it, and the
// difference is written in the client's form. So it does not matter in which of its many ways the
// frame said it, and a player who changed and changed back is no news.

import { ArenaState } from "#proto/arena_pb.ts";
import type { ArenaView } from "#shared/net/arena-view.ts";
import type { KnownEntities } from "#shared/net/known-entities.ts";
import {
  type ArenaParameters,
  advanceArena,
  arenaTravel,
  measureArena,
  unpackArenaPose,
} from "#shared/sim/index.ts";
import type { LegacyRecord, LegacyWriter } from "./legacy-writer.ts";
import { ToldPlayers } from "./told-players.ts";

/** Two ages of the ancestor: events of 6 to 9 bytes, or records in numbered deltas. */
export type LegacyForm = "events" | "delta";

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

/** Keeps what one client has been told, and writes what is new to it. */
export class LegacyScene {
  readonly #options: LegacySceneOptions;
  readonly #out: LegacyWriter;
  readonly #xMax: number;
  readonly #yMax: number;
  readonly #attackTicks: number;
  readonly #told = new ToldPlayers();
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

  /** A frame brought somebody into sight, in the last row. */
  added(row: number, id: number): void {
    this.#told.added(row, id);
  }

  /** A frame said something of the player in that row. */
  touch(row: number): void {
    this.#told.touch(row);
  }

  /** The view is about to forget the player in a row. */
  forgotten(row: number, { count, id }: KnownEntities): void {
    this.#told.forgotten(row, count - 1, id[row] ?? 0);
  }

  /** What was known is void; the client is told everything anew. */
  reset(): void {
    this.#isFullDue = true;
    this.#isAnew = true;
  }

  /** Whether the client has had its first list. */
  get hasBegun(): boolean {
    return this.#fullTick !== undefined;
  }

  /** Writes what is new to the client since the last time. */
  tell(around: ArenaView): void {
    const { entities, tick } = around;
    const own = entities.rowOf(this.#options.own);
    if (own !== -1) this.#noteOwnState(entities.pose[own] ?? 0);
    // Without the own player in it, the client would take another for its own.
    if (own !== -1 && this.#isDue(tick)) this.#tellAll(entities, tick, own);
    else if (this.#fullTick !== undefined) this.#tellTouched(entities, tick, own);
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

  #tellAll(entities: KnownEntities, tick: number, own: number): void {
    const { form } = this.#options;
    // The client takes the highest number of its first list for its own: higher ones join later.
    const highest = this.#isAnew ? this.#options.own : Number.POSITIVE_INFINITY;
    const later: number[] = [];
    this.#told.takeGone(() => undefined);
    this.#out.beginList("gameState", this.#nextSequence());
    for (let row = 0; row < entities.count; row++) {
      this.#told.untell(row);
      if (row !== own && isDeadPose(entities.pose[row] ?? 0)) continue;
      if ((entities.id[row] ?? 0) > highest) later.push(row);
      else this.#out.addRecord(this.#remember(entities, row, tick));
    }
    this.#out.endList();
    this.#told.untell(own);
    if (form === "events") this.#tellMotions(entities);
    for (const row of later) this.#introduce(entities, row, tick);
    this.#fullTick = tick;
    this.#isFullDue = false;
    this.#isAnew = false;
  }

  #tellMotions(entities: KnownEntities): void {
    for (let row = 0; row < entities.count; row++) {
      if (this.#told.isTold(row)) this.#tellMotion(entities, row);
    }
  }

  #tellTouched(entities: KnownEntities, tick: number, own: number): void {
    const told = this.#told;
    if (own !== -1) told.untell(own);
    for (let row = 0; row < entities.count; row++) {
      if (!told.isTouched(row)) continue;
      const isThere = !isDeadPose(entities.pose[row] ?? 0);
      const wasThere = told.isTold(row);
      if (isThere && wasThere) continue;
      if (isThere) this.#introduce(entities, row, tick);
      else if (wasThere) this.#dismiss(entities, row);
      else told.settle(row);
    }
    told.takeGone((id) => this.#out.playerLeft(id));
    if (this.#options.form === "events") this.#tellEvents(entities, tick);
    else this.#tellDelta(entities, tick);
  }

  #tellEvents(entities: KnownEntities, tick: number): void {
    const told = this.#told;
    for (let row = 0; row < entities.count; row++) {
      if (!told.isTouched(row)) continue;
      const attackTick = told.attackTick[row] ?? 0;
      const before = unpackArenaPose(told.pose[row] ?? 0);
      const record = this.#remember(entities, row, tick);
      const hasAttacked = this.#hasAttacked(before.state, record.state, tick - attackTick);
      if (!hasAttacked) told.attackTick[row] = attackTick;
      if (hasAttacked) this.#out.attack(record);
      if (before.dx !== record.dx || before.dy !== record.dy) this.#out.movement(record);
      if (before.facingRight !== record.facingRight) this.#out.direction(record);
    }
  }

  #tellDelta(entities: KnownEntities, tick: number): void {
    let isBegun = false;
    for (let row = 0; row < entities.count; row++) {
      if (!this.#told.isTouched(row)) continue;
      if (this.#isForetold(entities, row, tick)) {
        this.#told.settle(row);
        continue;
      }
      if (!isBegun) this.#out.beginList("deltaGameState", this.#nextSequence());
      isBegun = true;
      this.#out.addRecord(this.#remember(entities, row, tick));
    }
    if (isBegun) this.#out.endList();
  }

  /** Whether an attack began; one that follows another at once shows by its length alone. */
  #hasAttacked(before: ArenaState, state: number, sinceToldTicks: number): boolean {
    if (state !== LEGACY_STATE[ArenaState.ATTACKING]) return false;
    return before !== ArenaState.ATTACKING || sinceToldTicks >= this.#attackTicks;
  }

  /** Whether the client, moving the player on by itself, has it as it is. */
  #isForetold(entities: KnownEntities, row: number, tick: number): boolean {
    const told = this.#told;
    const pose = entities.pose[row] ?? 0;
    if (told.pose[row] !== pose) return false;
    const { dx, dy } = unpackArenaPose(pose);
    const travel = arenaTravel(told.tick[row] ?? 0, tick, this.#options.parameters.tickRate);
    return (
      advanceArena(told.x[row] ?? 0, dx * travel, this.#xMax) === entities.x[row] &&
      advanceArena(told.y[row] ?? 0, dy * travel, this.#yMax) === entities.y[row]
    );
  }

  #introduce(entities: KnownEntities, row: number, tick: number): void {
    this.#out.playerJoined(this.#remember(entities, row, tick));
    if (this.#options.form === "events") this.#tellMotion(entities, row);
  }

  #dismiss(entities: KnownEntities, row: number): void {
    this.#out.playerLeft(entities.id[row] ?? 0);
    this.#told.untell(row);
  }

  /** Clients of the events form take a velocity from events alone, not from records. */
  #tellMotion(entities: KnownEntities, row: number): void {
    const record = readRecord(entities, row);
    if (record.dx !== 0 || record.dy !== 0) this.#out.movement(record);
  }

  /** Notes that the client is being told of the player as it is now, and returns its record. */
  #remember(entities: KnownEntities, row: number, tick: number): LegacyRecord {
    const told = this.#told;
    told.tell(row);
    told.x[row] = entities.x[row] ?? 0;
    told.y[row] = entities.y[row] ?? 0;
    told.pose[row] = entities.pose[row] ?? 0;
    told.tick[row] = tick;
    told.attackTick[row] = tick;
    return readRecord(entities, row);
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

// Written out before the next one is read.
const scratch: LegacyRecord = { id: 0, x: 0, y: 0, dx: 0, dy: 0, facingRight: false, state: 0 };

function readRecord({ id, x, y, pose }: KnownEntities, row: number): LegacyRecord {
  const { dx, dy, facingRight, state } = unpackArenaPose(pose[row] ?? 0);
  scratch.id = id[row] ?? 0;
  scratch.x = x[row] ?? 0;
  scratch.y = y[row] ?? 0;
  scratch.dx = dx;
  scratch.dy = dy;
  scratch.facingRight = facingRight;
  scratch.state = LEGACY_STATE[state];
  return scratch;
}

function isDeadPose(pose: number): boolean {
  return unpackArenaPose(pose).state === ArenaState.DEAD;
}

import {
  type ArenaParameters,
  type ArenaSelf,
  type ArenaWorld,
  createArena,
  readArenaSelf,
  restoreArenaSelf,
  stepArena,
} from "#shared/sim/index.ts";
import type { PlayerCommand } from "../sdk/encoder.ts";
import { InputBuffer } from "./input-buffer.ts";

/** What an acknowledgement changed. */
export interface Reconciled {
  /** How far the own player had to be moved on each axis, in tenths of a unit. */
  readonly movedX: number;
  readonly movedY: number;
  /** By how many ticks an input came too late to the shard; 0 when none did. */
  readonly lateTicks: number;
  /** Whether it tells for the first time what an action did that is not predicted. */
  readonly surprising: boolean;
}

/** Predicted states kept for comparison; at 60 ticks a second, four seconds. */
const HISTORY_TICKS = 256;
/** Steps in one go. A page that slept for longer goes on from the last acknowledged state. */
const STEPS_MAX = 120;
/** Unpredicted actions that wait for their acknowledgement; beyond it the oldest is forgotten. */
const UNPREDICTED_MAX = 64;

/**
 * The own player ahead of the shard: a world of one, stepped by the same rules with the same
 * commands in the same ticks, so that what the shard acknowledges later is what was predicted. Only
 * where it is not, because of what others did or of an input that came late, the acknowledged state
 * is put back and the commands since then are played again.
 *
 * What lasts (kills, deaths, score, credits) is never predicted: it is as the shard told it last,
 * of an earlier tick at times, and says nothing of whether the prediction was right. Nor are
 * durable actions, of which the shard alone knows what they lead to.
 */
export class Predictor {
  readonly #world: ArenaWorld;
  readonly #entity: number;
  readonly #inputs = new InputBuffer<PlayerCommand>();
  #unpredicted: number[] = [];
  readonly #history: (ArenaSelf | undefined)[] = new Array(HISTORY_TICKS).fill(undefined);
  #row: number;
  #current: ArenaSelf;
  #previous: ArenaSelf;

  /** `self` is the acknowledged state at the end of `tick`. */
  constructor(options: {
    parameters: ArenaParameters;
    entity: number;
    tick: number;
    self: ArenaSelf;
  }) {
    this.#world = createArena(options.parameters, { capacity: 1 });
    this.#entity = options.entity;
    this.#row = 0;
    this.#current = options.self;
    this.#previous = options.self;
    this.#restore(options.tick, options.self);
  }

  /** Last predicted tick. */
  get tick(): number {
    return this.#world.tick;
  }

  /** The own player at the end of that tick. */
  get current(): ArenaSelf {
    return this.#current;
  }

  /** The own player one tick before. */
  get previous(): ArenaSelf {
    return this.#previous;
  }

  /** Commands without an acknowledgement. */
  get pending(): number {
    return this.#inputs.length;
  }

  /** Takes a command for a tick that is still to come. */
  command(command: PlayerCommand): void {
    this.#inputs.push(command);
  }

  /** Notes a durable action on its way, by its sequence: its effect will come as a surprise. */
  surprise(sequence: number): void {
    this.#unpredicted.push(sequence);
    if (this.#unpredicted.length > UNPREDICTED_MAX) this.#unpredicted.shift();
  }

  /** Predicts up to that tick. */
  advance(tick: number): void {
    if (tick - this.tick > STEPS_MAX) this.#restore(tick, this.#current);
    while (this.tick < tick) this.#step();
  }

  /** The shard's word on the own player at the end of `tick`. */
  reconcile(tick: number, sequence: number, self: ArenaSelf): Reconciled {
    this.#inputs.acknowledge(sequence);
    const lateTicks = this.#inputs.postpone(tick);
    const surprising = this.#isSurprising(sequence);
    if (lateTicks === 0 && tick <= this.tick && isSame(this.#at(tick), self)) {
      this.#learnLasting(self);
      return UNMOVED;
    }
    return { ...this.#replay(tick, self, this.tick), lateTicks, surprising };
  }

  /**
   * Goes on from another connection, or by another clock, up to `aheadTick`: of what was on its
   * way, nothing counts.
   */
  restart(ack: { tick: number; sequence: number; self: ArenaSelf }, aheadTick: number): Reconciled {
    this.#inputs.clear();
    const surprising = this.#isSurprising(ack.sequence);
    return { ...this.#replay(ack.tick, ack.self, aheadTick), lateTicks: 0, surprising };
  }

  /** What was on its way is lost. */
  forget(): void {
    this.#inputs.clear();
  }

  #isSurprising(sequence: number): boolean {
    const { length } = this.#unpredicted;
    if (length === 0) return false;
    this.#unpredicted = this.#unpredicted.filter((each) => each > sequence);
    return this.#unpredicted.length < length;
  }

  #learnLasting({ kills, deaths, score, credits }: ArenaSelf): void {
    const { columns } = this.#world.players;
    columns.kills[this.#row] = kills;
    columns.deaths[this.#row] = deaths;
    columns.score[this.#row] = score;
    columns.credits[this.#row] = credits;
    this.#current = { ...this.#current, kills, deaths, score, credits };
  }

  #replay(tick: number, self: ArenaSelf, aheadTick: number): { movedX: number; movedY: number } {
    const { x, y } = this.#current;
    this.#restore(tick, self);
    if (aheadTick - tick <= STEPS_MAX) while (this.tick < aheadTick) this.#step();
    return { movedX: this.#current.x - x, movedY: this.#current.y - y };
  }

  #at(tick: number): ArenaSelf | undefined {
    return this.tick - tick < HISTORY_TICKS ? this.#history[tick % HISTORY_TICKS] : undefined;
  }

  #step(): void {
    const inputs = this.#inputs.at(this.tick + 1).map(({ sequence, command }) => ({
      input: { case: "command" as const, value: { entity: this.#entity, sequence, command } },
    }));
    stepArena(this.#world, inputs);
    this.#previous = this.#current;
    this.#remember();
  }

  #restore(tick: number, self: ArenaSelf): void {
    this.#row = restoreArenaSelf(this.#world, this.#entity, self);
    this.#world.tick = tick;
    this.#history.fill(undefined);
    this.#remember();
    this.#previous = this.#current;
  }

  #remember(): void {
    this.#current = readArenaSelf(this.#world, this.#row);
    this.#history[this.tick % HISTORY_TICKS] = this.#current;
  }
}

const UNMOVED: Reconciled = { movedX: 0, movedY: 0, lateTicks: 0, surprising: false };

/** Whether all that is predicted is the same. */
function isSame(predicted: ArenaSelf | undefined, self: ArenaSelf): boolean {
  return (
    predicted !== undefined &&
    predicted.x === self.x &&
    predicted.y === self.y &&
    predicted.controls?.dx === self.controls?.dx &&
    predicted.controls?.dy === self.controls?.dy &&
    predicted.facingRight === self.facingRight &&
    predicted.state === self.state &&
    predicted.health === self.health &&
    predicted.attackEndTick === self.attackEndTick &&
    predicted.attackReadyTick === self.attackReadyTick &&
    predicted.respawnTick === self.respawnTick
  );
}

import { InputBuffer, type Numbered } from "./input-buffer.ts";

/** What an acknowledgement changed. */
export interface Reconciled {
  /** How far the own player had to be moved on each axis, in the world's smallest lengths. */
  readonly movedX: number;
  readonly movedY: number;
  /** By how many ticks an input came too late to the shard; 0 when none did. */
  readonly lateTicks: number;
  /** Whether it tells for the first time what an action did that is not predicted. */
  readonly surprising: boolean;
}

/** Where a player is; the rest of its state is the world's business. */
export interface PredictedPlace {
  readonly x: number;
  readonly y: number;
}

/** A world with nobody but the own player in it, stepped by the shard's rules. */
export interface PredictedWorld<Self extends PredictedPlace, Command> {
  /** Last predicted tick. */
  readonly tick: number;
  /** One tick with these commands. */
  step(commands: readonly Command[]): void;
  /** The own player as it is now. */
  read(): Self;
  /** Puts the own player into the state that it had at the end of a tick. */
  restore(tick: number, self: Self): void;
  /** Takes over what is never predicted, such as what lasts. */
  learn(self: Self): void;
  /** Whether all that is predicted is the same. */
  isSame(predicted: Self, self: Self): boolean;
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
 * What lasts is never predicted: it is as the shard told it last, of an earlier tick at times, and
 * says nothing of whether the prediction was right. Nor are durable actions, of which the shard
 * alone knows what they lead to.
 */
export class Predictor<Self extends PredictedPlace, Command extends Numbered> {
  readonly #world: PredictedWorld<Self, Command>;
  readonly #inputs = new InputBuffer<Command>();
  #unpredicted: number[] = [];
  readonly #history: (Self | undefined)[] = new Array(HISTORY_TICKS).fill(undefined);
  #current: Self;
  #previous: Self;

  /** `self` is the acknowledged state at the end of `tick`. */
  constructor(options: { world: PredictedWorld<Self, Command>; tick: number; self: Self }) {
    this.#world = options.world;
    this.#current = options.self;
    this.#previous = options.self;
    this.#restore(options.tick, options.self);
  }

  /** Last predicted tick. */
  get tick(): number {
    return this.#world.tick;
  }

  /** The own player at the end of that tick. */
  get current(): Self {
    return this.#current;
  }

  /** The own player one tick before. */
  get previous(): Self {
    return this.#previous;
  }

  /** Commands without an acknowledgement. */
  get pending(): number {
    return this.#inputs.length;
  }

  /** Takes a command for a tick that is still to come. */
  command(command: Command): void {
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
  reconcile(tick: number, sequence: number, self: Self): Reconciled {
    this.#inputs.acknowledge(sequence);
    const lateTicks = this.#inputs.postpone(tick);
    const surprising = this.#isSurprising(sequence);
    const predicted = tick <= this.tick ? this.#at(tick) : undefined;
    if (lateTicks === 0 && predicted !== undefined && this.#world.isSame(predicted, self)) {
      this.#world.learn(self);
      this.#current = this.#world.read();
      return UNMOVED;
    }
    return { ...this.#replay(tick, self, this.tick), lateTicks, surprising };
  }

  /**
   * Goes on from another connection, or by another clock, up to `aheadTick`: of what was on its
   * way, nothing counts.
   */
  restart(ack: { tick: number; sequence: number; self: Self }, aheadTick: number): Reconciled {
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

  #replay(tick: number, self: Self, aheadTick: number): { movedX: number; movedY: number } {
    const { x, y } = this.#current;
    this.#restore(tick, self);
    if (aheadTick - tick <= STEPS_MAX) while (this.tick < aheadTick) this.#step();
    return { movedX: this.#current.x - x, movedY: this.#current.y - y };
  }

  #at(tick: number): Self | undefined {
    return this.tick - tick < HISTORY_TICKS ? this.#history[tick % HISTORY_TICKS] : undefined;
  }

  #step(): void {
    this.#world.step(this.#inputs.at(this.tick + 1));
    this.#previous = this.#current;
    this.#remember();
  }

  #restore(tick: number, self: Self): void {
    this.#world.restore(tick, self);
    this.#history.fill(undefined);
    this.#remember();
    this.#previous = this.#current;
  }

  #remember(): void {
    this.#current = this.#world.read();
    this.#history[this.tick % HISTORY_TICKS] = this.#current;
  }
}

const UNMOVED: Reconciled = { movedX: 0, movedY: 0, lateTicks: 0, surprising: false };

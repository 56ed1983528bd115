// What may leave when.
//
// A tick that is not in the database may never have happened: the process dies, and the world goes
// on from the last commit. So what tells somebody that something lasting is done (a welcome with
// its resume token, the result of an action) waits for the commit of its tick, normally for a
// millisecond. Frames wait as well, but not beyond the next tick: when the disk is slow they go
// ahead of their commit, and then show what lasts as of the last committed tick.
import type { ConnectionId } from "./connection-id.ts";
import type { ControlMessage, LoopOutput } from "./messages.ts";

/** Ticks whose hand-over is remembered; more than a world goes on without a commit. */
const HANDED_MAX = 1_024;

export type WelcomeMessage = Extract<ControlMessage, { kind: "welcome" }>;

export interface OutputGateOptions {
  output: LoopOutput;
  /** Tick in which the world starts: all of it is in the database. */
  committedTick: number;
  /** A tick was committed so long after it was handed over. */
  measured: (latencyMs: number) => void;
  /** A welcome went out. */
  welcomed: (welcome: WelcomeMessage) => void;
}

/**
 * Knows how far the database is, and holds welcomes back until it has the tick in whose record they
 * stand. There is one at most for each connection that is there, which bounds what waits.
 */
export class OutputGate {
  readonly #options: OutputGateOptions;
  readonly #handedMs = new Float64Array(HANDED_MAX);
  /** By connection, the oldest first. */
  readonly #waiting = new Map<ConnectionId, { tick: number; welcome: WelcomeMessage }>();
  #committedTick: number;
  /** Tick whose record takes in what is done now. */
  recordTick: number;

  constructor(options: OutputGateOptions) {
    this.#options = options;
    this.#committedTick = options.committedTick;
    this.recordTick = options.committedTick + 1;
  }

  /** Last tick that is in the database. */
  get committedTick(): number {
    return this.#committedTick;
  }

  /** A tick's record is on its way to the database. */
  handed(tick: number, nowMs: number): void {
    this.#handedMs[tick % HANDED_MAX] = nowMs;
  }

  /** All up to that tick is in the database. */
  committed(tick: number, nowMs: number): void {
    for (let each = this.#committedTick + 1; each <= tick; each++) {
      this.#options.measured(nowMs - (this.#handedMs[each % HANDED_MAX] ?? nowMs));
    }
    this.#committedTick = Math.max(this.#committedTick, tick);
  }

  /** Sends a welcome once the record of this tick is in the database. */
  hold(welcome: WelcomeMessage): void {
    this.#waiting.set(welcome.connection, { tick: this.recordTick, welcome });
  }

  /** The connection is gone: its welcome need not wait. */
  drop(connection: ConnectionId): void {
    this.#waiting.delete(connection);
  }

  /** Lets out what may go; `tick` is the last finished one. */
  release(tick: number): void {
    for (const [connection, { tick: recordTick, welcome }] of this.#waiting) {
      if (recordTick > this.#committedTick) return;
      this.#waiting.delete(connection);
      const message = { ...welcome, tick };
      this.#options.output.control(message);
      this.#options.welcomed(message);
    }
  }
}

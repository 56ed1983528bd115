import type { Recorder } from "./recorder.ts";
import type { Message, Place, WorkWire } from "./wire.ts";

/** From an action to its result, and from a result to the item that it left. */
const WAIT_MS_MAX = 5_000;

export interface WorkerOptions {
  readonly wire: WorkWire;
  readonly recorder: Recorder;
  /** A number for an input or action that is sent now. */
  readonly nextSequence: (intendedMs: number, nowMs: number) => number;
  readonly send: (frame: Uint8Array) => void;
}

/** What is waited for. */
type Step = "idle" | "built" | "dug" | "lies" | "taken";

/**
 * A player who builds a block over its head, breaks it and takes what falls: three actions that
 * last, each as soon as the one before is answered. One that is refused ends the piece of work.
 */
export class LoadWorker {
  readonly #options: WorkerOptions;
  #step: Step = "idle";
  #place: Place = { x: 0, y: 0 };
  #sinceMs = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Begins with the next piece, unless it is still at one. */
  begin(place: Place, intendedMs: number, nowMs: number): void {
    if (this.#step !== "idle" && nowMs - this.#sinceMs < WAIT_MS_MAX) return;
    this.settle(nowMs);
    const { wire } = this.#options;
    this.#place = place;
    this.#act("built", { intendedMs, nowMs, write: (sequence) => wire.build(sequence, place) });
  }

  /** The result of its last action has come. */
  answered(isDone: boolean, nowMs: number): void {
    const { recorder, wire } = this.#options;
    if (this.#step === "idle" || this.#step === "lies") return;
    recorder.answer.record(this.#sinceMs, nowMs);
    recorder.counters[isDone ? "deeds" : "refusals"] += 1;
    const step = isDone ? this.#step : "taken";
    const intendedMs = nowMs;
    const place = this.#place;
    if (step === "built") {
      this.#act("dug", { intendedMs, nowMs, write: (sequence) => wire.dig(sequence, place) });
    } else this.#step = step === "dug" ? "lies" : "idle";
    this.#sinceMs = nowMs;
  }

  /** A frame has come: what was dug may lie there. */
  ticked(message: Message, nowMs: number): void {
    if (this.#step !== "lies") return;
    const { wire } = this.#options;
    const item = wire.findItem(message, this.#place);
    if (item === 0) return;
    const write = (sequence: number) => wire.pickUp(sequence, item);
    this.#act("taken", { intendedMs: nowMs, nowMs, write });
  }

  /** Whether a result that was due for an action before this time has not come. */
  isWaiting(beforeMs: number): boolean {
    const awaits = this.#step !== "idle" && this.#step !== "lies";
    return awaits && this.#sinceMs < beforeMs;
  }

  /** Gives up the piece that it is at; an action without a result counts as lost. */
  settle(nowMs: number): void {
    if (this.isWaiting(nowMs)) this.#options.recorder.answer.lose(this.#sinceMs, nowMs);
    this.#step = "idle";
  }

  #act(
    step: Step,
    action: { intendedMs: number; nowMs: number; write: (sequence: number) => Uint8Array },
  ): void {
    const { nextSequence, send, recorder } = this.#options;
    const { intendedMs, nowMs, write } = action;
    this.#step = step;
    this.#sinceMs = intendedMs;
    send(write(nextSequence(intendedMs, nowMs)));
    recorder.counters.inputs += 1;
  }
}

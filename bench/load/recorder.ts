import { Histogram, type Percentiles } from "./histogram.ts";

/** One kind of latency: over the window that is judged, and since the figures were last shown. */
export class LatencyTrack {
  readonly window = new Histogram();
  readonly #interval: Histogram | undefined;
  readonly #isInWindow: (intendedMs: number) => boolean;
  /** Probes of the window that never came back; their age counts as their latency. */
  lost = 0;

  /** `isLive`: figures of the latest interval are wanted, too. */
  constructor(isInWindow: (intendedMs: number) => boolean, isLive = false) {
    this.#isInWindow = isInWindow;
    this.#interval = isLive ? new Histogram() : undefined;
  }

  /** A probe that was meant for `intendedMs` came back. */
  record(intendedMs: number, nowMs: number): void {
    this.#interval?.record(nowMs - intendedMs);
    if (this.#isInWindow(intendedMs)) this.window.record(nowMs - intendedMs);
  }

  /** A probe will not come back. */
  lose(intendedMs: number, nowMs: number): void {
    if (!this.#isInWindow(intendedMs)) return;
    this.lost += 1;
    this.window.record(nowMs - intendedMs);
  }

  /** What came back since the last call; undefined when the track is not live. */
  takeInterval(): Percentiles | undefined {
    const summary = this.#interval?.summary();
    this.#interval?.reset();
    return summary;
  }

  reset(): void {
    this.window.reset();
    this.lost = 0;
  }
}

/** What is counted from the beginning on; figures are differences between two moments. */
export interface Counters {
  frames: number;
  bytes: number;
  /** Frames that the tick numbers show were not sent. */
  missedFrames: number;
  inputs: number;
  rejections: number;
  /** Durable actions that were done, and that were refused. */
  deeds: number;
  refusals: number;
  /** Connections that ended and were not meant to. */
  cuts: number;
  /** Of those, the ones that went on in their session. */
  resumes: number;
  /** Attempts to get in that failed, and are tried again. */
  failures: number;
  /** Clients that stay away after too many failures. */
  givenUp: number;
}

/** All that a swarm measures; clients write into it, figures are read from it. */
export class Recorder {
  #startMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;
  readonly #isInWindow = (intendedMs: number) =>
    intendedMs >= this.#startMs && intendedMs < this.#endMs;

  /** From an input's intended time to the frame that acknowledges it. */
  readonly ack = new LatencyTrack(this.#isInWindow, true);
  /** From a turn's intended time to the first frame in which another client sees it. */
  readonly observer = new LatencyTrack(this.#isInWindow, true);
  readonly ping = new LatencyTrack(this.#isInWindow, true);
  /** From a durable action's intended time to its result. */
  readonly answer = new LatencyTrack(this.#isInWindow);
  /** From the decision to join to the welcome. */
  readonly join = new LatencyTrack(this.#isInWindow);
  /** From a cut to the welcome that resumes the session. */
  readonly resume = new LatencyTrack(this.#isInWindow);
  /** Between two frames of a client. */
  readonly frameGap = new LatencyTrack(this.#isInWindow);
  /** How much later than intended the load test itself did something. */
  readonly lateness = new LatencyTrack(this.#isInWindow);
  readonly counters: Counters = {
    frames: 0,
    bytes: 0,
    missedFrames: 0,
    inputs: 0,
    rejections: 0,
    deeds: 0,
    refusals: 0,
    cuts: 0,
    resumes: 0,
    failures: 0,
    givenUp: 0,
  };
  /** Why connections ended or failed, and how often. */
  readonly reasons = new Map<string, number>();

  /** What is meant for this time, its end excluded, is judged; forgets an earlier window. */
  open(startMs: number, endMs: number): void {
    this.#startMs = startMs;
    this.#endMs = endMs;
    for (const track of Object.values(this.tracks())) track.reset();
  }

  tracks() {
    const { ack, observer, ping, answer, join, resume, frameGap, lateness } = this;
    return { ack, observer, ping, answer, join, resume, frameGap, lateness };
  }

  noteReason(reason: string): void {
    // A shard may word its reasons as it likes; the list stays short enough to read.
    const known = this.reasons.has(reason) || this.reasons.size < REASONS_MAX;
    const key = known ? reason : "other";
    this.reasons.set(key, (this.reasons.get(key) ?? 0) + 1);
  }
}

const REASONS_MAX = 20;

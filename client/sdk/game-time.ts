import { INPUT_LEAD_TICKS_MAX } from "#shared/net/protocol.ts";
import { FrameInterval } from "./frame-interval.ts";
import { Lateness } from "./lateness.ts";
import { Slewed } from "./slewed.ts";
import { TimeSync } from "./time-sync.ts";

/** Least time that others are shown behind what could be known of them. */
const DELAY_MS_MIN = 100;
/** Mean deviations that the delay covers; two thirds of all frames come within one. */
const DELAY_DEVIATIONS = 2.5;
/** The most that deviations add to the delay. */
const DEVIATION_MS_MAX = 100;
/** Inputs run ahead at least this much beyond the path's time. */
const MARGIN_MS_MIN = 10;
/** A packet that comes later than this was stopped, not late, and says nothing of the next. */
const LATE_MS_MAX = 1_500;
/** The worst packet of the last half minute is not the worst of all. */
const MARGIN_FACTOR = 1.2;
/** Ticks left between the furthest input and what the shard takes. */
const LEAD_RESERVE_TICKS = 4;
/** Answers before lateness means anything. */
const ANSWERS_MIN = 3;
/** Part of the passed time by which path, margin and delay may change. */
const SLEW = 0.08;

/**
 * The three times of a session, in ticks of the shard: what the shard has now, what the own player
 * is shown at (ahead by the way there, so that inputs arrive in time), and what others are shown at
 * (behind by the way back and a delay, so that there is something to interpolate). None of them
 * goes back or jumps unless the shard's clock did, and all stand still while its world does.
 */
export class GameTime {
  readonly #tickMs: number;
  readonly #interval: FrameInterval;
  readonly #sync: TimeSync;
  readonly #lateness = new Lateness();
  readonly #pathMs: Slewed;
  readonly #marginMs: Slewed;
  readonly #delayMs: Slewed;
  #answers = 0;
  #jumps = 0;
  #predictedTick = 0;
  #renderTick = 0;
  #standsAt: number | undefined;

  constructor(options: { tickRate: number; sendIntervalTicks: number; nowMs: number }) {
    this.#tickMs = 1_000 / options.tickRate;
    this.#interval = new FrameInterval(options);
    this.#sync = new TimeSync({ tickRate: options.tickRate });
    const slewed = (value: number) => new Slewed({ value, atMs: options.nowMs, ratePerMs: SLEW });
    this.#pathMs = slewed(0);
    this.#marginMs = slewed(this.#tickMs);
    this.#delayMs = slewed(this.frameIntervalMs + this.#tickMs);
  }

  get rttMs(): number {
    return this.#sync.rttMs;
  }

  get jitterMs(): number {
    return this.#lateness.jitterMs;
  }

  get interpolationDelayMs(): number {
    return this.#delayMs.value;
  }

  /** Longest time between two frames lately. */
  get frameIntervalMs(): number {
    return this.#interval.ticks * this.#tickMs;
  }

  /** How far inputs run ahead beyond the path's time. */
  get marginMs(): number {
    return this.#marginMs.value;
  }

  /** Last finished tick of a world that stands still; undefined while it goes on. */
  get standsAt(): number | undefined {
    return this.#standsAt;
  }

  /** Tick of the shard, with a fraction. */
  serverTick(nowMs: number): number {
    return this.#sync.serverTick(nowMs);
  }

  /** Tick at which the own player is shown, with a fraction. */
  predictedTick(nowMs: number): number {
    this.#follow(nowMs);
    const leadMs = this.#pathMs.value + this.#marginMs.value;
    const tick = this.#sync.serverTick(nowMs) + leadMs / this.#tickMs;
    this.#predictedTick = Math.max(this.#predictedTick, tick);
    return this.#predictedTick;
  }

  /** Tick at which others are shown, with a fraction. */
  renderTick(nowMs: number): number {
    this.#follow(nowMs);
    const behindMs = this.#pathMs.value + this.#delayMs.value;
    const tick = this.#sync.serverTick(nowMs) - behindMs / this.#tickMs;
    this.#renderTick = Math.max(this.#renderTick, tick);
    return this.#renderTick;
  }

  /** The world stands still after this tick, and so do all times. */
  stand(tick: number, nowMs: number): void {
    if (this.#standsAt !== undefined) return;
    this.#standsAt = tick;
    // It said so when the next tick was due, and that was half a round trip ago.
    const reached = tick + 1 + this.#sync.rttBestMs / 2 / this.#tickMs;
    this.#sync.hold(Math.min(this.#sync.serverTick(nowMs), reached));
  }

  /** The world goes on, and had this tick half a round trip ago. */
  goOn(tick: number, nowMs: number): void {
    if (this.#standsAt === undefined) return;
    this.#standsAt = undefined;
    this.#sync.release(tick + this.#sync.rttBestMs / 2 / this.#tickMs, nowMs);
    if (this.#sync.jumps !== this.#jumps) this.#restart(nowMs);
  }

  /** The shard answered something that left at `sentMs` by telling its time. */
  answered(sentMs: number, nowMs: number, serverTick: number): void {
    if (this.#standsAt !== undefined) return;
    this.#observe(sentMs, nowMs, serverTick);
    this.#late(nowMs, nowMs - sentMs - this.#sync.rttBestMs);
  }

  /** It welcomed a hello, which takes longer than a pong and says nothing of other packets. */
  welcomed(helloMs: number, nowMs: number, tick: number): void {
    // On average the welcome comes half a tick after the tick that it tells of.
    this.#observe(helloMs, nowMs, tick + 0.5);
  }

  /** The state of that tick came now. */
  frameArrived(tick: number, nowMs: number): void {
    this.#interval.observe(tick);
    if (this.#answers < ANSWERS_MIN || this.#standsAt !== undefined) return;
    const lateMs = nowMs - this.#sync.timeOf(tick) - this.#sync.rttBestMs / 2;
    if (lateMs > LATE_MS_MAX) return;
    this.#lateness.observeFrame(nowMs, lateMs);
  }

  /** The shard had to apply an input that much after its tick. */
  inputWasLate(ticks: number, nowMs: number): void {
    this.#late(nowMs, this.#marginMs.value + ticks * this.#tickMs);
  }

  #observe(sentMs: number, nowMs: number, serverTick: number): void {
    this.#sync.observe(sentMs, nowMs, serverTick);
    this.#answers += 1;
    if (this.#sync.jumps !== this.#jumps) this.#restart(nowMs);
    if (this.#answers <= ANSWERS_MIN) this.#pathMs.set(this.#sync.rttBestMs / 2, nowMs);
  }

  #late(nowMs: number, lateMs: number): void {
    if (this.#answers >= ANSWERS_MIN && lateMs <= LATE_MS_MAX) {
      this.#lateness.observe(nowMs, lateMs);
    }
  }

  #follow(nowMs: number): void {
    this.#pathMs.follow(this.#sync.rttBestMs / 2, nowMs);
    const marginMsMax = (INPUT_LEAD_TICKS_MAX - LEAD_RESERVE_TICKS) * this.#tickMs;
    const marginMs = this.#lateness.worstMs * MARGIN_FACTOR + MARGIN_MS_MIN;
    this.#marginMs.follow(Math.min(marginMsMax, marginMs), nowMs);
    const deviationMs = Math.min(DEVIATION_MS_MAX, this.#lateness.jitterMs * DELAY_DEVIATIONS);
    const delayMs = this.frameIntervalMs + deviationMs;
    this.#delayMs.follow(Math.max(DELAY_MS_MIN, delayMs), nowMs);
  }

  #restart(nowMs: number): void {
    this.#jumps = this.#sync.jumps;
    this.#predictedTick = 0;
    this.#renderTick = 0;
    this.#pathMs.set(this.#sync.rttBestMs / 2, nowMs);
  }
}

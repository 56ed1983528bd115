/** Round trips whose best tells the offset, at one ping a second. */
const SAMPLES_MAX = 16;
/** Part of the passed time by which the estimate may bend towards a better one. */
const SLEW = 0.05;
/** A wrong estimate beyond this is replaced at once: the shard restarted, or the machine slept. */
const JUMP_MS = 400;
/** Weight of a new sample in the shown round-trip time. */
const RTT_WEIGHT = 0.2;
/** Until there are this many samples a better one is taken at once. */
const SETTLED_SAMPLES = 4;

interface Sample {
  rttMs: number;
  offsetMs: number;
}

/**
 * The shard's clock as seen from here, after Cristian: a pong's time was true half a round trip
 * ago, and the shortest round trip of the last few bounds the error best, so that one late packet
 * changes nothing. The estimate bends towards the best sample instead of jumping.
 */
export class TimeSync {
  readonly #tickMs: number;
  #samples: Sample[] = [];
  #offsetMs = 0;
  #targetMs = 0;
  #bentAtMs = 0;
  #rttMs = 0;
  #jumps = 0;
  #heldTick: number | undefined;

  constructor(options: { tickRate: number }) {
    this.#tickMs = 1_000 / options.tickRate;
  }

  /** True once there is anything to go by. */
  get synchronised(): boolean {
    return this.#samples.length > 0;
  }

  /** Smoothed round trip. */
  get rttMs(): number {
    return this.#rttMs;
  }

  /** Shortest round trip of the window: the path without queues. */
  get rttBestMs(): number {
    return this.#samples.reduce((best, sample) => Math.min(best, sample.rttMs), this.#rttMs);
  }

  /** How often the estimate had to be replaced; whoever counts on a steady clock starts anew. */
  get jumps(): number {
    return this.#jumps;
  }

  /** The shard's clock stands still from here on, at this tick; nothing is to be observed. */
  hold(serverTick: number): void {
    this.#heldTick = serverTick;
  }

  /** It goes on: now it shows this tick, but for the error of a single message. */
  release(serverTick: number, nowMs: number): void {
    const heldTick = this.serverTick(nowMs);
    this.#heldTick = undefined;
    this.#offsetMs = this.#targetMs = serverTick * this.#tickMs - nowMs;
    this.#samples = [{ rttMs: this.#rttMs, offsetMs: this.#offsetMs }];
    this.#bentAtMs = nowMs;
    if (Math.abs(serverTick - heldTick) * this.#tickMs > JUMP_MS) this.#jumps += 1;
  }

  /** A message left at `sentMs`, and its answer, here at `receivedMs`, told the shard's time. */
  observe(sentMs: number, receivedMs: number, serverTick: number): void {
    const rttMs = Math.max(0, receivedMs - sentMs);
    const offsetMs = serverTick * this.#tickMs - (sentMs + receivedMs) / 2;
    const first = this.#samples.length === 0;
    // The first answer is the welcome, which takes the shard longer than a pong.
    const settled = this.#samples.length >= SETTLED_SAMPLES;
    if (settled) this.#rttMs += (rttMs - this.#rttMs) * RTT_WEIGHT;
    else this.#rttMs = first ? rttMs : Math.min(this.#rttMs, rttMs);
    this.#samples.push({ rttMs, offsetMs });
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
    this.#bend(receivedMs);
    this.#forgetOtherEra(offsetMs, rttMs);
    this.#targetMs = this.#best().offsetMs;
    const jumped = Math.abs(this.#targetMs - this.#offsetMs) > JUMP_MS;
    if (!jumped && this.#samples.length > SETTLED_SAMPLES) return;
    this.#offsetMs = this.#targetMs;
    this.#bentAtMs = receivedMs;
    if (jumped && !first) this.#jumps += 1;
  }

  /** The shard's tick at that moment, with a fraction. */
  serverTick(nowMs: number): number {
    if (this.#heldTick !== undefined) return this.#heldTick;
    this.#bend(nowMs);
    return (nowMs + this.#offsetMs) / this.#tickMs;
  }

  /** When, by the clock here, the shard's clock shows that tick. */
  timeOf(serverTick: number): number {
    return serverTick * this.#tickMs - this.#offsetMs;
  }

  #bend(nowMs: number): void {
    const elapsedMs = nowMs - this.#bentAtMs;
    if (elapsedMs <= 0) return;
    const stepMs = elapsedMs * SLEW;
    const wrongMs = this.#targetMs - this.#offsetMs;
    this.#offsetMs += Math.max(-stepMs, Math.min(stepMs, wrongMs));
    this.#bentAtMs = nowMs;
  }

  /** A sample that no error of measurement explains means that the shard's clock was set anew. */
  #forgetOtherEra(offsetMs: number, rttMs: number): void {
    this.#samples = this.#samples.filter(
      (sample) => Math.abs(sample.offsetMs - offsetMs) <= (sample.rttMs + rttMs) / 2 + JUMP_MS,
    );
  }

  #best(): Sample {
    let best: Sample = { rttMs: Number.POSITIVE_INFINITY, offsetMs: this.#targetMs };
    for (const sample of this.#samples) if (sample.rttMs <= best.rttMs) best = sample;
    return best;
  }
}

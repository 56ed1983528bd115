/** A gateway that itself stood still for so long does not blame its clients. */
const STANDSTILL_MS = 1_000;
/** Within this time after it, all that came meanwhile is read. */
const BACKLOG_MS = 1_000;

/** Knows from a gateway's sweeps, several times a second, when nobody heard its clients. */
export class SweepWatch {
  #sweptMs: number;
  #backlog = { seconds: 0, untilMs: 0 };

  constructor(nowMs: number) {
    this.#sweptMs = nowMs;
  }

  /** A sweep begins; true when the gateway stood still until now. */
  swept(nowMs: number): boolean {
    const stoodStill = nowMs - this.#sweptMs >= STANDSTILL_MS;
    if (stoodStill) {
      this.#backlog = { seconds: this.unheardSeconds(nowMs), untilMs: nowMs + BACKLOG_MS };
    }
    this.#sweptMs = nowMs;
    return stoodStill;
  }

  /** For how long nobody had read what is read now. */
  unheardSeconds(nowMs: number): number {
    const seconds = Math.floor((nowMs - this.#sweptMs) / 1_000);
    return nowMs < this.#backlog.untilMs ? Math.max(seconds, this.#backlog.seconds) : seconds;
  }
}

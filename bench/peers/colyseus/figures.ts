// What a server tells about itself: how punctual its ticks are and what they cost.

export interface ServerFigures {
  readonly players: number;
  readonly seconds: number;
  readonly ticks: number;
  readonly ticksPerSecond: number;
  /** How much later than one interval after the last tick a tick began. */
  readonly latenessMsP50: number;
  readonly latenessMsP99: number;
  readonly latenessMsMax: number;
  /** Ticks that began more than 5 ms late. */
  readonly ticksLate: number;
  /** Whole intervals in which no tick began. */
  readonly ticksSkipped: number;
  /** From the beginning of a tick to the end of its patch. */
  readonly tickMsP50: number;
  readonly tickMsP99: number;
  /** Of one core, over all threads of the process. */
  readonly cpuPercent: number;
  readonly rssMB: number;
  readonly entitiesInViewMean: number;
}

/** From here on a tick counts as late. */
const LATE_MS = 5;
/** Ticks that are remembered, an hour at 20 Hz; later ones are not. */
const TICKS_MAX = 72_000;

interface Crowd {
  readonly players: number;
  readonly inViewMean: number;
}

/** Figures since the last reset. */
export class Figures {
  readonly #intervalMs: number;
  #lateness: number[] = [];
  #durations: number[] = [];
  #tickStartedAt: number | undefined;
  #since = performance.now();
  #cpu = process.cpuUsage();
  #crowd: Crowd = { players: 0, inViewMean: 0 };

  constructor(rateHz: number) {
    this.#intervalMs = 1_000 / rateHz;
  }

  reset(): void {
    this.#lateness = [];
    this.#durations = [];
    this.#since = performance.now();
    this.#cpu = process.cpuUsage();
  }

  startTick(): void {
    const now = performance.now();
    if (this.#tickStartedAt !== undefined && this.#lateness.length < TICKS_MAX) {
      this.#lateness.push(Math.max(0, now - this.#tickStartedAt - this.#intervalMs));
    }
    this.#tickStartedAt = now;
  }

  endTick(crowd: Crowd): void {
    this.#crowd = crowd;
    if (this.#tickStartedAt === undefined || this.#durations.length >= TICKS_MAX) return;
    this.#durations.push(performance.now() - this.#tickStartedAt);
  }

  read(): ServerFigures {
    const seconds = (performance.now() - this.#since) / 1_000;
    const cpu = process.cpuUsage(this.#cpu);
    const lateness = this.#lateness.toSorted((a, b) => a - b);
    const durations = this.#durations.toSorted((a, b) => a - b);
    const interval = this.#intervalMs;
    return {
      players: this.#crowd.players,
      seconds,
      ticks: lateness.length,
      ticksPerSecond: lateness.length / seconds,
      latenessMsP50: percentile(lateness, 0.5),
      latenessMsP99: percentile(lateness, 0.99),
      latenessMsMax: lateness.at(-1) ?? 0,
      ticksLate: lateness.filter((late) => late > LATE_MS).length,
      ticksSkipped: lateness.reduce((sum, late) => sum + Math.floor(late / interval), 0),
      tickMsP50: percentile(durations, 0.5),
      tickMsP99: percentile(durations, 0.99),
      cpuPercent: (cpu.user + cpu.system) / 10_000 / seconds,
      rssMB: process.memoryUsage.rss() / 2 ** 20,
      entitiesInViewMean: this.#crowd.inViewMean,
    };
  }
}

/** The value that the given share of a sorted list does not exceed; 0 for an empty list. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

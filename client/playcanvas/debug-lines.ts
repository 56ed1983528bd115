import type { Session } from "../sdk/session-types.ts";

/** What the overlay says; a `Session` of the SDK is one. */
export type DebuggedSession = Pick<Session, "shardKey" | "stats" | "status">;

/** In which lengths are told: scene units go into one of them so many times. */
export interface LengthUnit {
  readonly name: string;
  readonly size: number;
}

interface ByteSample {
  readonly atSeconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Seconds over which rates are measured. */
const WINDOW_SECONDS = 2;
/** Samples in the window at most; at 10 a second there are 20. */
const SAMPLES_MAX = 64;

/** Bytes per second over the last two seconds, from totals that only rise. */
export class ByteRate {
  readonly #samples: ByteSample[] = [];
  inPerSecond = 0;
  outPerSecond = 0;

  add(atSeconds: number, bytesIn: number, bytesOut: number): void {
    this.#samples.push({ atSeconds, bytesIn, bytesOut });
    while (this.#samples.length > SAMPLES_MAX || this.#isOld(atSeconds)) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || atSeconds <= first.atSeconds) return;
    const seconds = atSeconds - first.atSeconds;
    this.inPerSecond = (bytesIn - first.bytesIn) / seconds;
    this.outPerSecond = (bytesOut - first.bytesOut) / seconds;
  }

  #isOld(nowSeconds: number): boolean {
    const second = this.#samples[1];
    return second !== undefined && nowSeconds - second.atSeconds >= WINDOW_SECONDS;
  }
}

/** The debug overlay's text, one measurement a line. */
export function debugLines(
  session: DebuggedSession,
  scene: {
    framesPerSecond: number;
    entities: number;
    /** In scene units. */
    ghostUnits: number | null;
    rate: ByteRate;
    unit: LengthUnit;
  },
): string[] {
  const { stats } = session;
  const { ghostUnits, unit } = scene;
  const correction = `${stats.lastCorrectionUnits.toFixed(2)} ${unit.name}`;
  const ghost = ghostUnits === null ? "–" : `${(ghostUnits / unit.size).toFixed(2)} ${unit.name}`;
  return [
    `shard          ${session.shardKey}`,
    `status         ${session.status}, ${stats.reconnects} reconnects`,
    `round trip     ${stats.rttMs.toFixed(1)} ms ± ${stats.jitterMs.toFixed(1)}`,
    `server tick    ${Math.floor(stats.serverTick)}`,
    `corrections    ${stats.corrections}, last ${correction}`,
    `interpolation  ${stats.interpolationDelayMs.toFixed(0)} ms behind`,
    `frame interval ${stats.frameIntervalMs.toFixed(0)} ms`,
    `state checks   ${stats.stateChecks}, ${stats.stateMismatches} mismatches`,
    `received       ${kilobytes(scene.rate.inPerSecond)}/s, ${stats.framesIn} frames`,
    `sent           ${kilobytes(scene.rate.outPerSecond)}/s`,
    `entities       ${scene.entities}`,
    `frame rate     ${scene.framesPerSecond.toFixed(0)} /s`,
    `server ghost   ${ghost} away`,
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KiB`;
}

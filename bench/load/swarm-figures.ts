import type { Percentiles } from "./histogram.ts";
import type { Counters, Recorder } from "./recorder.ts";
import type { SyncTally } from "./sync-proof.ts";

/** What a swarm measured in a window. Times in milliseconds, "down" is from shard to client. */
export interface SwarmFigures {
  readonly seconds: number;
  /** Clients that should play, and those that did at the end. */
  readonly players: number;
  readonly playing: number;
  /** L1: input → frame that acknowledges it, from the intended time of the input. */
  readonly ack: Percentiles;
  /** L2: turn of one client → first frame of another that shows it. */
  readonly observer: Percentiles;
  readonly ping: Percentiles;
  /** Durable action → its result. */
  readonly answer: Percentiles;
  readonly join: Percentiles;
  readonly resume: Percentiles;
  /** Between two frames of a client. */
  readonly frameGap: Percentiles;
  /** How late the load test itself was with its inputs. */
  readonly lateness: Percentiles;
  /** Probes that never came back; in the percentiles they count with their age. */
  readonly lost: Readonly<Record<"acks" | "observations" | "pings" | "answers", number>>;
  readonly counters: Counters;
  /** Since the beginning: how often sampled clients compared themselves with the shard. */
  readonly sync: SyncTally;
  readonly framesPerClientPerSecond: number;
  readonly bytesPerClientPerSecond: number;
  readonly bytesPerFrame: number;
  /** Whether the wire lets anyone find out that frames are missing. */
  readonly canMiss: boolean;
  /** Frames that were due and never came, as a share of all that were due, in percent. */
  readonly missedPercent: number;
  /** Of this process, which is the load test itself. */
  readonly cpuSeconds: number;
  /** Processor time of the load test for one frame; inputs and everything else included. */
  readonly cpuMicrosPerFrame: number;
  /** Share of a core that one client takes, in percent. */
  readonly cpuPercentPerClient: number;
  readonly reasons: Readonly<Record<string, number>>;
}

interface Reading {
  readonly atMs: number;
  readonly sync: SyncTally;
  readonly counters: Counters;
  readonly cpu: { readonly user: number; readonly system: number };
}

/** Puts together what lies between two readings. */
export function createFigures(
  recorder: Recorder,
  run: { before: Reading; after: Reading; players: number; playing: number; canMiss: boolean },
): SwarmFigures {
  const { before, after, players, playing } = run;
  const counters = subtract(after.counters, before.counters);
  const seconds = (after.atMs - before.atMs) / 1_000;
  const { user, system } = after.cpu;
  const cpuSeconds = (user + system - before.cpu.user - before.cpu.system) / 1e6;
  const { ack, observer, ping, answer, join, resume, frameGap, lateness } = recorder.tracks();
  const due = counters.frames + counters.missedFrames;
  return {
    seconds,
    players,
    playing,
    ack: ack.window.summary(),
    observer: observer.window.summary(),
    ping: ping.window.summary(),
    answer: answer.window.summary(),
    join: join.window.summary(),
    resume: resume.window.summary(),
    frameGap: frameGap.window.summary(),
    lateness: lateness.window.summary(),
    lost: {
      acks: ack.lost,
      observations: observer.lost,
      pings: ping.lost,
      answers: answer.lost,
    },
    counters,
    sync: after.sync,
    framesPerClientPerSecond: ratio(counters.frames, seconds * playing),
    bytesPerClientPerSecond: ratio(counters.bytes, seconds * playing),
    bytesPerFrame: ratio(counters.bytes, counters.frames),
    canMiss: run.canMiss,
    missedPercent: ratio(100 * counters.missedFrames, due),
    cpuSeconds,
    cpuMicrosPerFrame: ratio(cpuSeconds * 1e6, counters.frames),
    cpuPercentPerClient: ratio(100 * cpuSeconds, seconds * playing),
    reasons: Object.fromEntries(recorder.reasons),
  };
}

function subtract(after: Counters, before: Counters): Counters {
  return {
    frames: after.frames - before.frames,
    bytes: after.bytes - before.bytes,
    missedFrames: after.missedFrames - before.missedFrames,
    inputs: after.inputs - before.inputs,
    rejections: after.rejections - before.rejections,
    deeds: after.deeds - before.deeds,
    refusals: after.refusals - before.refusals,
    cuts: after.cuts - before.cuts,
    resumes: after.resumes - before.resumes,
    failures: after.failures - before.failures,
    givenUp: after.givenUp - before.givenUp,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

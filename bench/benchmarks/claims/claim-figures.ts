import { histogramQuantile } from "../shard/histogram-quantile.ts";
import { cpuFigures } from "../shard/outcome-figures.ts";
import type { LegacyOutcome } from "./load-legacy.ts";

/** In words, for the page; each after the name of its crowd. */
export const CLAIM_MEANINGS = {
  Players: "players in the world at the end",
  WatchedEntities: "entities in the cells that a player watches, mean",
  AckMsMean: "ms from the intended time of a MOVE to its acknowledgement (L1), mean",
  AckMsP50: "the same, p50",
  AckMsP99: "the same, p99",
  AckBeyondTickMsMean: "ms of that beyond the mean wait for a tick",
  ObserverMsP50: "ms from a turn to the first message that shows it to another (L2), p50",
  ObserverMsP99: "the same, p99",
  TicksPerSecond: "ticks per second",
  TickLatenessMsP99: "ms that a tick starts late, p99",
  TickIntervalMsP99: "ms between the starts of two ticks, p99",
  RssMB: "MB of memory held (1,000,000 bytes), greatest seen",
  CpuPercentOf4Cores: "percent of 4 cores, all threads of the shard",
  CpuSeconds: "seconds of processor time while measuring",
  TurnsPerClientPerSecond: "turns per second at which each player is told; 10 without pressure",
  MessagesPerClientPerSecond: "messages per second to each player",
  BytesPerClientPerSecond: "bytes per second to each player, WebSocket heads included",
  SavedPercent: "percent of bytes saved against everyone's record to everyone ten times a second",
  SavedOfEventsPercent: "percent of bytes saved against every event to everyone",
  Lost: "MOVEs and turns that never came back, and frames not sent",
  Cuts: "connections that ended and were not meant to",
  LoadCpuPercent: "percent of one core, the load generator",
  LoadLatenessMsP99: "ms that the load generator was late with its own MOVEs, p99",
} as const;

type ClaimFigure = keyof typeof CLAIM_MEANINGS;

const RECORD_BYTES = 11;
/** Of a 255 movement, with the head of its WebSocket frame. */
const EVENT_BYTES = 7 + 2;
const SENDS_PER_SECOND = 10;

/** The figures of one crowd. */
export function claimFigures(
  outcome: LegacyOutcome,
  load: { players: number; rate: number; tickRate: number },
): Record<ClaimFigure, number> {
  const { result: swarm, before, after, watched } = outcome;
  const seconds = (after.atMs - before.atMs) / 1_000;
  const counted = (name: string) => after.metrics.sum(name) - before.metrics.sum(name);
  const bytes = swarm.bytesPerClientPerSecond;
  const saved = (everything: number) => 100 * (1 - bytes / everything);
  const quantileMs = (name: string) =>
    1_000 * histogramQuantile(before.metrics, after.metrics, { name, share: 0.99 });
  return {
    Players: swarm.playing,
    WatchedEntities: watched.entities,
    AckMsMean: swarm.ack.mean,
    AckMsP50: swarm.ack.p50,
    AckMsP99: swarm.ack.p99,
    AckBeyondTickMsMean: swarm.ack.mean - 500 / load.tickRate,
    ObserverMsP50: swarm.observer.p50,
    ObserverMsP99: swarm.observer.p99,
    TicksPerSecond: counted("tessera_tick_duration_seconds_count") / seconds,
    TickLatenessMsP99: quantileMs("tessera_tick_lateness_seconds"),
    TickIntervalMsP99: quantileMs("tessera_tick_interval_seconds"),
    RssMB: outcome.rssBytes / 1e6,
    CpuPercentOf4Cores: cpuFigures(before, after).cpuPercent / 4,
    CpuSeconds: after.usage.cpuSeconds - before.usage.cpuSeconds,
    TurnsPerClientPerSecond: counted("tessera_gateway_frames_total") / seconds / swarm.playing,
    MessagesPerClientPerSecond: swarm.framesPerClientPerSecond,
    BytesPerClientPerSecond: bytes,
    SavedPercent: saved(load.players * RECORD_BYTES * SENDS_PER_SECOND),
    SavedOfEventsPercent: saved(load.players * load.rate * EVENT_BYTES),
    Lost:
      swarm.lost.acks + swarm.lost.observations + counted("tessera_gateway_frames_skipped_total"),
    Cuts: swarm.counters.cuts,
    LoadCpuPercent: (100 * swarm.cpuSeconds) / swarm.seconds,
    LoadLatenessMsP99: swarm.lateness.p99,
  };
}

import type { Figures } from "../../run/benchmark.ts";
import { histogramQuantile } from "./histogram-quantile.ts";
import type { ShardOutcome } from "./load-shard.ts";
import type { ShardReading } from "./observe-shard.ts";

/** In words, for the page. */
export const OUTCOME_MEANINGS = {
  players: "players in the world at the end",
  watchedCells: "cells that a player watches, mean",
  watchedEntities: "entities in the cells that a player watches, mean",
  tickLatenessMsP50: "ms that a tick starts late, p50",
  tickLatenessMsP99: "ms that a tick starts late, p99",
  tickIntervalMsP99: "ms between the starts of two ticks, p99",
  tickMsP99: "ms that a tick takes on the loop's thread, p99",
  ticksSkipped: "ticks skipped",
  ticksPerSecond: "ticks per second",
  cpuPercent: "percent of one core, all threads of the shard",
  loopThreadPercent: "percent of one core, the loop's thread",
  gatewayThreadPercent: "percent of one core, the busiest gateway",
  otherWorkersPercent: "percent of one core, the other Workers: the database's, more gateways",
  engineThreadsPercent: "percent of one core, the engine's own threads: compiler, collector",
  rssMB: "MB of memory held (1,000,000 bytes), greatest seen",
  bytesPerClientPerSecond: "bytes per second to each player, WebSocket heads included",
  framesPerClientPerSecond: "frames per second to each player",
  bytesPerFrame: "bytes of a frame, mean",
  publicationsSkipped: "turns that players missed because their gateway was behind",
  framesSkipped: "frames not sent because a player did not read",
  missedPercent: "percent of frames that were due and never came",
  gatewayStallMsP99: "ms that a gateway works at a stretch, p99",
  pingMsP50: "ms from ping to pong at clients in a process of their own, p50",
  pingMsP99: "ms from ping to pong at clients in a process of their own, p99",
  crowdPingMsP99: "the same at clients of the crowd, the load generator's own delays included, p99",
  ackMsP50: "ms from input to own ack (L1), p50",
  ackMsP99: "ms from input to own ack (L1), p99",
  observerMsP50: "ms from a turn to the first frame that shows it to another (L2), p50",
  observerMsP99: "ms from a turn to the first frame that shows it to another (L2), p99",
  probesLost: "inputs, turns and pings that never came back",
  cuts: "connections that ended and were not meant to",
  loadCpuPercent: "percent of one core, the load generator",
  loadLatenessMsP99: "ms that the load generator was late with its own inputs, p99",
} as const;

/** The figures of a shard under load. Thread figures are 0 where the system does not tell them. */
export function outcomeFigures(outcome: ShardOutcome): Record<OutcomeFigure, number> & Figures {
  const { swarm, before, after, watched } = outcome;
  const seconds = (after.atMs - before.atMs) / 1_000;
  const counted = (name: string) => after.metrics.sum(name) - before.metrics.sum(name);
  const quantileMs = (name: string, share: number) =>
    histogramQuantile(before.metrics, after.metrics, { name, share }) * 1_000;
  const { lost, counters } = swarm;
  return {
    players: swarm.playing,
    watchedCells: watched.cells,
    watchedEntities: watched.entities,
    tickLatenessMsP50: quantileMs("tessera_tick_lateness_seconds", 0.5),
    tickLatenessMsP99: quantileMs("tessera_tick_lateness_seconds", 0.99),
    tickIntervalMsP99: quantileMs("tessera_tick_interval_seconds", 0.99),
    tickMsP99: quantileMs("tessera_tick_duration_seconds", 0.99),
    ticksSkipped: counted("tessera_ticks_skipped_total"),
    ticksPerSecond: counted("tessera_tick_duration_seconds_count") / seconds,
    ...cpuFigures(before, after),
    rssMB: outcome.rssBytes / 1e6,
    bytesPerClientPerSecond: swarm.bytesPerClientPerSecond,
    framesPerClientPerSecond: swarm.framesPerClientPerSecond,
    bytesPerFrame: swarm.bytesPerFrame,
    publicationsSkipped: counted("tessera_publications_skipped_total"),
    framesSkipped: counted("tessera_gateway_frames_skipped_total"),
    missedPercent: swarm.missedPercent,
    gatewayStallMsP99: quantileMs("tessera_gateway_stall_seconds", 0.99),
    pingMsP50: outcome.pings.ping.p50,
    pingMsP99: outcome.pings.ping.p99,
    crowdPingMsP99: swarm.ping.p99,
    ackMsP50: swarm.ack.p50,
    ackMsP99: swarm.ack.p99,
    observerMsP50: swarm.observer.p50,
    observerMsP99: swarm.observer.p99,
    probesLost: lost.acks + lost.observations + lost.pings + lost.answers + outcome.pings.lost,
    cuts: counters.cuts,
    loadCpuPercent: (100 * swarm.cpuSeconds) / swarm.seconds,
    loadLatenessMsP99: swarm.lateness.p99,
  };
}

type OutcomeFigure = keyof typeof OUTCOME_MEANINGS;

/** Percent of one core between two readings: all threads, and who of them. */
export function cpuFigures(before: ShardReading, after: ShardReading) {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const percent = (cpuSeconds: number) => (100 * cpuSeconds) / seconds;
  const earlier = new Map(before.usage.threads.map(({ id, cpuSeconds }) => [id, cpuSeconds]));
  const [loop, ...others] = after.usage.threads
    .map(({ id, name, cpuSeconds }) => {
      return { id, name, percent: percent(cpuSeconds - (earlier.get(id) ?? 0)) };
    })
    // A process' first thread has the process' id, which is the lowest unless ids have wrapped.
    .sort((left, right) => left.id - right.id);
  const percentsOf = (...names: readonly string[]) =>
    others.filter(({ name }) => names.includes(name)).map((thread) => thread.percent);
  const engine = others.filter(({ name }) => name !== GATEWAY && name !== PERSISTENCE);
  const [busiest = 0, ...rest] = percentsOf(GATEWAY).sort((left, right) => right - left);
  return {
    cpuPercent: percent(after.usage.cpuSeconds - before.usage.cpuSeconds),
    loopThreadPercent: loop?.percent ?? 0,
    gatewayThreadPercent: busiest,
    otherWorkersPercent: sum([...rest, ...percentsOf(PERSISTENCE)]),
    engineThreadsPercent: sum(engine.map((thread) => thread.percent)),
  };
}

/** What the system calls a shard's threads, see `shards/early-thread.ts`. */
const GATEWAY = "gateway";
const PERSISTENCE = "persistence";

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import type { Bar } from "../report.ts";
import type { SwarmFigures } from "./swarm-figures.ts";

/** A bound on one metric. */
export type Threshold = Omit<Bar, "value" | "ok">;

/** What a load test can be judged by; `shard…` only when it has started the shard itself. */
export const LOAD_METRICS = {
  playersPlaying: "clients in the world at the end",
  ackMsP50: "input → frame that acknowledges it",
  ackMsP90: "",
  ackMsP99: "",
  ackMsP999: "",
  ackMsMax: "",
  observerMsP50: "turn of one client → first frame of another that shows it",
  observerMsP90: "",
  observerMsP99: "",
  observerMsP999: "",
  observerMsMax: "",
  pingMsP50: "ping → pong",
  pingMsP99: "",
  pingMsP999: "",
  joinMsP99: "decision to join → welcome, over the ramp",
  frameGapMsP50: "between two frames of a client",
  frameGapMsP99: "",
  framesPerClientPerSecond: "",
  bytesPerClientPerSecond: "from shard to client, WebSocket heads included",
  bytesPerFrame: "",
  missedPercent: "frames that were due and never came",
  probesLost: "inputs, turns and pings that never came back",
  failures: "attempts to get in that failed",
  cuts: "connections that ended and were not meant to",
  resumes: "of those, back in their session",
  stateChecks: "comparisons of sampled clients with the shard's state hashes",
  stateMismatches: "of those, not equal",
  shardCpuPercent: "of one core, over all threads of the shard",
  shardRssMB: "memory of the shard at the end",
  shardTickLatenessMsP99: "ticks started at most so late (bound of a bucket)",
  shardTickIntervalMsP99: "between the starts of two ticks (bound of a bucket)",
  shardGatewayStallMsP99: "gateways that were busy at most so long (bound of a bucket)",
  shardTicksSkipped: "",
  generatorCpuPercent: "of one core, the load test itself",
  generatorMicrosPerFrame: "its processor time for one frame, inputs included",
  generatorLatenessMsP99: "how late it was with its own inputs",
} as const;

/** What every run is held to unless told otherwise. */
function defaultThresholds(players: number): Threshold[] {
  return [
    { metric: "playersPlaying", op: ">=", bound: players },
    // Two send intervals of 100 ms, and a quarter more.
    { metric: "ackMsP99", op: "<=", bound: 250 },
    { metric: "observerMsP99", op: "<=", bound: 250 },
    { metric: "missedPercent", op: "<=", bound: 0.5 },
    { metric: "probesLost", op: "<=", bound: 0 },
    { metric: "stateMismatches", op: "<=", bound: 0 },
  ];
}

/**
 * The defaults, with those replaced whose metric is given anew; without those on what this run
 * cannot measure, such as who sees whom when there is one player.
 */
export function mergeThresholds(
  players: number,
  given: readonly Threshold[],
  metrics: Readonly<Record<string, number>>,
): Threshold[] {
  const named = new Set(given.map(({ metric }) => metric));
  const defaults = defaultThresholds(players).filter(({ metric }) => {
    return !named.has(metric) && metrics[metric] !== undefined;
  });
  return [...defaults, ...given];
}

/** Says why a run cannot be judged by a metric that it has not measured. */
export function describeUnknown(
  metric: string,
  { players, playing, reasons }: Pick<SwarmFigures, "players" | "playing" | "reasons">,
): string {
  if (playing === players) {
    return `cannot judge ${metric}: a run with these options does not measure it`;
  }
  const lines = Object.entries(reasons)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, times]) => `  ${times} × ${reason}`);
  const there = `${playing} of ${players} players were in the world at the end`;
  return [`cannot judge ${metric}: it was not measured; ${there}`, ...lines].join("\n");
}

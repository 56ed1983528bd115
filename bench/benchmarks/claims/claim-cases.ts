import type { Crowd } from "../../load/behaviour.ts";
import type { BarRule } from "../../run/benchmark.ts";

/** Sizes of the crowds; the claims are about these and no others. */
export const CLAIM_PLAYERS = { small: 1_000, middle: 5_000, large: 10_000, dense: 500 };

export type ClaimPlayers = typeof CLAIM_PLAYERS;

/** One crowd that is measured; the key stands before its figures' names. */
export interface ClaimCase {
  readonly key: string;
  readonly size: keyof ClaimPlayers;
  readonly rate: number;
  readonly crowd: Crowd;
  readonly title: string;
}

export const CLAIM_CASES: readonly ClaimCase[] = [
  spread("small", 2),
  spread("middle", 2),
  spread("large", 2),
  spread("small", 10),
  spread("small", 24),
  {
    key: "dense",
    size: "dense",
    rate: 2,
    crowd: "dense",
    title: `${CLAIM_PLAYERS.dense} players, all in one window`,
  },
];

function spread(size: keyof ClaimPlayers, rate: number): ClaimCase {
  const title = `${CLAIM_PLAYERS[size].toLocaleString("en-US")} players, ${rate} MOVEs a second`;
  return { key: rate === 2 ? size : `${size}At${rate}`, size, rate, crowd: "spread", title };
}

/** What was claimed of the ancestor, for these many players. */
const CLAIMS = [
  { size: "small", ticks: 60, latencyMs: 1.2, rssMB: 180, cpuPercent: 8 },
  { size: "middle", ticks: 59.8, latencyMs: 2.1, rssMB: 750, cpuPercent: 25 },
  { size: "large", ticks: 59.5, latencyMs: 2.8, rssMB: 1_400, cpuPercent: 45 },
] as const;

const SAVED_PERCENT = 95;
/** A window of 20 s holds one tick more or less at each end. */
const TICKS_SHARE = 0.998;

/** The claims as bars. */
export function claimBars(): BarRule[] {
  return CLAIMS.flatMap(({ size, ticks, latencyMs, rssMB, cpuPercent }) => [
    { metric: `${size}Players`, op: "==", bound: CLAIM_PLAYERS[size] },
    { metric: `${size}AckBeyondTickMsMean`, op: "<=", bound: latencyMs },
    { metric: `${size}TicksPerSecond`, op: ">=", bound: ticks * TICKS_SHARE },
    { metric: `${size}RssMB`, op: "<=", bound: rssMB },
    { metric: `${size}CpuPercentOf4Cores`, op: "<=", bound: cpuPercent },
    { metric: `${size}SavedPercent`, op: ">=", bound: SAVED_PERCENT },
    { metric: `${size}Lost`, op: "==", bound: 0 },
  ]);
}

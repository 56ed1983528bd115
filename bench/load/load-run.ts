import type { Clock } from "#shared/time/clock.ts";
import type { BareShard } from "./bare-shard.ts";
import { createBlocksWire } from "./blocks-wire.ts";
import type { Percentiles } from "./histogram.ts";
import { createLegacyWire } from "./legacy-wire.ts";
import { LimitSearch } from "./limit-search.ts";
import { mergeThresholds, type Threshold } from "./load-metrics.ts";
import { openTarget } from "./load-target.ts";
import { bucketPercentile, type MetricsText } from "./metrics-text.ts";
import { type Moment, Moments } from "./moments.ts";
import { type LoadOptions, PLAYERS_MAX } from "./options.ts";
import type { ProcessUsage } from "./process-usage.ts";
import { Swarm } from "./swarm.ts";
import type { SwarmFigures } from "./swarm-figures.ts";
import { createTesseraWire } from "./tessera-wire.ts";
import type { Wire } from "./wire.ts";

/** Who is told how far it is. */
export interface LoadProgress {
  said(line: string): void;
  /** A second has passed; `share` of the whole is done, 0 to 1. */
  moved(phase: string, share: number, moment: Moment): void;
}

/** Metrics by their names; those that were not measured are absent. */
export type LoadFigures = Record<string, number>;

/** How it went with so many players. */
export interface LoadStep {
  readonly players: number;
  readonly metrics: LoadFigures;
  /** In words; empty when all bounds held. */
  readonly broken: readonly string[];
}

export interface Buckets {
  readonly ack: readonly Bucket[];
  readonly observer: readonly Bucket[];
}

export interface Bucket {
  readonly upToMs: number;
  readonly count: number;
}

/** All that a load test found. */
export interface LoadResult {
  readonly options: LoadOptions;
  readonly description: readonly string[];
  readonly figures: SwarmFigures;
  /** From the decision to join to the welcome, over the ramp. */
  readonly join: Percentiles;
  readonly metrics: LoadFigures;
  readonly thresholds: readonly Threshold[];
  readonly buckets: Buckets;
  readonly moments: readonly Moment[];
  /** Seconds on the moments' axis between which the figures were measured. */
  readonly measured: { readonly fromSeconds: number; readonly toSeconds: number };
  /** With --find-limit: each try in its order. */
  readonly steps: readonly LoadStep[];
  /** Threads of the shard with their share of a core. */
  readonly threads: readonly { readonly name: string; readonly cpuPercent: number }[];
}

/** Clients that prove that they are in sync. */
const PROOFS = 20;
/** One in ten of a spread crowd wanders. */
const ROAM_SHARE = 0.1;
/** After the ramp, before anything counts. */
const SETTLE_MS = 1_000;
/** Stands for ticks later than the last bucket of the shard's own histogram. */
const BEYOND_MS = 9_999;

/** Runs it as asked and takes everything down again. */
export async function runLoad(
  options: LoadOptions,
  { clock, progress }: { clock: Clock; progress: LoadProgress },
): Promise<LoadResult> {
  await using target = await openTarget(options, clock);
  for (const line of target.description) progress.said(line);
  await using swarm = new Swarm({
    admission: target.admission,
    clock,
    wire: wireOf(options),
    rate: options.rate,
    attackRate: options.attackRate,
    crowd: options.crowd,
    roamShare: ROAM_SHARE,
    seed: options.seed,
    proofs: options.legacy ? 0 : PROOFS,
  });
  let phase = "ramp";
  let phaseStartSeconds = 0;
  let phaseSeconds = options.rampSeconds;
  using moments = new Moments({
    clock,
    swarm,
    shard: target.shard,
    heard: (moment) => {
      const share = (moment.atSeconds - phaseStartSeconds) / Math.max(1, phaseSeconds);
      progress.moved(phase, Math.min(1, share), moment);
    },
  });
  const enter = (name: string, seconds: number) => {
    phase = name;
    phaseStartSeconds = moments.nowSeconds;
    phaseSeconds = seconds;
  };
  const stage: Stage = { options, clock, swarm, moments, shard: target.shard, enter };
  const { best, steps } = options.findLimit
    ? await findLimit(stage, progress)
    : { best: await measureWith(stage, options.players), steps: [] };
  return {
    options,
    description: target.description,
    figures: best.figures,
    join: best.join,
    metrics: best.metrics,
    thresholds: mergeThresholds(best.players, options.thresholds, best.metrics),
    buckets: best.buckets,
    moments: moments.list,
    measured: best.measured,
    steps,
    threads: best.threads,
  };
}

function wireOf({ legacy, world }: LoadOptions): Wire {
  if (legacy) return createLegacyWire();
  return world === "blocks" ? createBlocksWire() : createTesseraWire();
}

interface Stage {
  readonly options: LoadOptions;
  readonly clock: Clock;
  readonly swarm: Swarm;
  readonly moments: Moments;
  readonly shard: BareShard | undefined;
  readonly enter: (phase: string, seconds: number) => void;
}

interface Measured {
  readonly players: number;
  readonly figures: SwarmFigures;
  readonly join: Percentiles;
  readonly metrics: LoadFigures;
  readonly buckets: Buckets;
  readonly measured: LoadResult["measured"];
  readonly threads: LoadResult["threads"];
}

/** Brings the swarm to so many players and measures. */
async function measureWith(stage: Stage, players: number): Promise<Measured> {
  const { options, clock, swarm, moments, shard, enter } = stage;
  const missing = players - swarm.clients.length;
  const rampSeconds = (options.rampSeconds * Math.max(0, missing)) / options.players;
  enter(`ramp to ${players.toLocaleString("en-US")}`, rampSeconds);
  if (missing < 0) swarm.shrink(-missing);
  // What counts of the ramp is how long joining takes.
  swarm.recorder.open(clock.monotonicMs(), Number.POSITIVE_INFINITY);
  await swarm.grow(Math.max(0, missing), { seconds: rampSeconds });
  const join = swarm.recorder.join.window.summary();
  await new Promise<void>((resolve) => clock.schedule(SETTLE_MS, resolve));
  enter(`measure with ${players.toLocaleString("en-US")}`, options.seconds);
  const fromSeconds = moments.nowSeconds;
  const before = await readShard(stage);
  const figures = await swarm.measure(options.seconds);
  const after = await readShard(stage);
  const shardFigures =
    shard === undefined || before === undefined || after === undefined
      ? { metrics: {}, threads: [] }
      : describeShard(before, after, shard.pid);
  const { ack, observer } = swarm.recorder;
  return {
    players,
    figures,
    join,
    metrics: {
      ...describeSwarm(figures),
      ...(join.count > 0 && { joinMsP99: join.p99 }),
      ...shardFigures.metrics,
    },
    buckets: { ack: ack.window.buckets(), observer: observer.window.buckets() },
    measured: { fromSeconds, toSeconds: fromSeconds + options.seconds },
    threads: shardFigures.threads,
  };
}

async function findLimit(
  stage: Stage,
  progress: LoadProgress,
): Promise<{ best: Measured; steps: LoadStep[] }> {
  const { options } = stage;
  const search = new LimitSearch(options.players, PLAYERS_MAX);
  const steps: LoadStep[] = [];
  let best: Measured | undefined;
  let last: Measured | undefined;
  for (let players = search.next; players !== undefined; players = search.next) {
    last = await measureWith(stage, players);
    const broken = listBroken(
      mergeThresholds(players, options.thresholds, last.metrics),
      last.metrics,
    );
    steps.push({ players, metrics: last.metrics, broken });
    const verdict = broken.length === 0 ? "all bounds hold" : broken.join(", ");
    progress.said(`${players.toLocaleString("en-US")} players: ${verdict}`);
    search.tell(players, broken.length === 0);
    if (broken.length === 0 && (best === undefined || players >= best.players)) best = last;
  }
  const told = best ?? last;
  if (told === undefined) throw new Error("cannot find the limit: nothing was measured");
  const metrics = { ...told.metrics, playersLimit: search.held };
  return { best: { ...told, metrics }, steps };
}

function listBroken(thresholds: readonly Threshold[], metrics: LoadFigures): string[] {
  return thresholds.flatMap(({ metric, op, bound }) => {
    const value = metrics[metric] ?? Number.NaN;
    const holds = op === "<=" ? value <= bound : value >= bound;
    return holds ? [] : [`${metric} is ${Number(value.toPrecision(4))} and not ${op} ${bound}`];
  });
}

interface ShardReading {
  readonly atMs: number;
  readonly usage: ProcessUsage;
  readonly metrics: MetricsText;
}

async function readShard({ shard, clock }: Stage): Promise<ShardReading | undefined> {
  if (shard === undefined) return undefined;
  const metrics = await shard.metrics();
  return { metrics, usage: await shard.usage(), atMs: clock.monotonicMs() };
}

function describeShard(before: ShardReading, after: ShardReading, pid: number) {
  const seconds = (after.atMs - before.atMs) / 1_000;
  const earlier = new Map(before.usage.threads.map(({ id, cpuSeconds }) => [id, cpuSeconds]));
  const threads = after.usage.threads
    .map(({ id, name, cpuSeconds }) => ({
      name: id === pid ? "loop" : name,
      cpuPercent: (100 * (cpuSeconds - (earlier.get(id) ?? 0))) / seconds,
    }))
    .sort((one, other) => other.cpuPercent - one.cpuPercent);
  const percentileMs = (name: string) => {
    const wanted = { name: `tessera_${name}_seconds`, share: 0.99 };
    return Math.min(BEYOND_MS, 1_000 * bucketPercentile(before.metrics, after.metrics, wanted));
  };
  const skipped = "tessera_ticks_skipped_total";
  const metrics: LoadFigures = {
    shardCpuPercent: (100 * (after.usage.cpuSeconds - before.usage.cpuSeconds)) / seconds,
    shardRssMB: after.usage.rssBytes / 1e6,
    shardTickLatenessMsP99: percentileMs("tick_lateness"),
    shardTickIntervalMsP99: percentileMs("tick_interval"),
    shardGatewayStallMsP99: percentileMs("gateway_stall"),
    shardTicksSkipped: after.metrics.sum(skipped) - before.metrics.sum(skipped),
  };
  return { metrics, threads };
}

function describeSwarm(figures: SwarmFigures): LoadFigures {
  const { ack, observer, ping, frameGap, counters, lost, sync } = figures;
  return {
    playersPlaying: figures.playing,
    ...(ack.count > 0 && {
      ackMsP50: ack.p50,
      ackMsP90: ack.p90,
      ackMsP99: ack.p99,
      ackMsP999: ack.p999,
      ackMsMax: ack.max,
    }),
    ...(observer.count > 0 && {
      observerMsP50: observer.p50,
      observerMsP90: observer.p90,
      observerMsP99: observer.p99,
      observerMsP999: observer.p999,
      observerMsMax: observer.max,
    }),
    ...(ping.count > 0 && { pingMsP50: ping.p50, pingMsP99: ping.p99, pingMsP999: ping.p999 }),
    frameGapMsP50: frameGap.p50,
    frameGapMsP99: frameGap.p99,
    framesPerClientPerSecond: figures.framesPerClientPerSecond,
    bytesPerClientPerSecond: figures.bytesPerClientPerSecond,
    bytesPerFrame: figures.bytesPerFrame,
    ...(figures.canMiss && { missedPercent: figures.missedPercent }),
    probesLost: lost.acks + lost.observations + lost.pings,
    failures: counters.failures,
    cuts: counters.cuts,
    resumes: counters.resumes,
    // Nothing was proven where nothing was compared.
    ...(sync.checks > 0 && { stateChecks: sync.checks, stateMismatches: sync.mismatches }),
    generatorCpuPercent: (100 * figures.cpuSeconds) / figures.seconds,
    generatorMicrosPerFrame: figures.cpuMicrosPerFrame,
    generatorLatenessMsP99: figures.lateness.p99,
  };
}

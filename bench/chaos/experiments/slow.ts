import { CLOSE } from "#shared/net/protocol.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import { type BareShard, startBareShard } from "../../load/bare-shard.ts";
import { describeRaisedLimits } from "../../load/raised-limits.ts";
import { Swarm } from "../../load/swarm.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { watchShard } from "../shard-watch.ts";
import { KernelWatch } from "../slow/kernel-watch.ts";
import { SlowClients, type SlowKind, type SlowOrders } from "../slow/slow-clients.ts";

/** Kinds that never read again; the first one in a process that stands still altogether. */
const GONE_KINDS: readonly SlowKind[] = ["deaf", "playing", "greedy", "feigning"];
/** A sleep that must not cost the connection: shorter than the shard's patience by a good bit. */
const SLEEP_MS_MIN = 500;
const SLEEP_MS_MAX = 2_200;
/** Until all who stop for good must be gone: so long the others are watched. */
const PATIENCE_SECONDS = 5;
const SLOW_FROM = 1_000_000;
const MEGABYTE = 1_000_000;
const KILOBYTE = 1_024;

interface SlowParams extends Params {
  /** Players in all. */
  readonly clients: number;
  /** Of them, those who stop reading for good. */
  readonly slow: number;
  /** Of them, those who stop for a while. */
  readonly sleepy: number;
  /** Units on a side of the arena: in a small one a client that asks for all gets much. */
  readonly side: number;
  readonly warmUpSeconds: number;
  readonly calmSeconds: number;
  /** After the 5 s in which the slow must be gone: the time of those who read on to prove it. */
  readonly proofSeconds: number;
}

/** Clients that do not read, beside clients that do. */
export const slow = defineExperiment<SlowParams>({
  name: "slow",
  work:
    "a fifth of the clients stops reading: little is kept for them, they are closed in time, " +
    "the others notice nothing, and who reads on is in sync",
  params: {
    clients: 1_000,
    slow: 200,
    sleepy: 50,
    side: 1_000,
    warmUpSeconds: 3,
    calmSeconds: 8,
    proofSeconds: 8,
  },
  bars: () => [
    { metric: "notClosed", op: "==", bound: 0 },
    { metric: "closedMsMax", op: "<=", bound: 5_000 },
    { metric: "heldKBMax", op: "<=", bound: 256 },
    { metric: "othersAckP99Percent", op: "<=", bound: 110 },
    { metric: "othersCut", op: "==", bound: 0 },
    { metric: "sleepyCut", op: "==", bound: 0 },
    { metric: "syncMismatches", op: "==", bound: 0 },
    { metric: "shardExits", op: "==", bound: 0 },
  ],
  run: runSlow,
});

async function runSlow(run: ExperimentRun<SlowParams>): Promise<Figures> {
  const { params, seed, clock, say } = run;
  const { clients, sleepy, side, calmSeconds, proofSeconds } = params;
  await using shard = await startBareShard({ clock, players: clients, side });
  say(describeRaisedLimits(shard));
  let exits = 0;
  void shard.exited.then(() => {
    exits += 1;
  });
  const { admission } = shard;
  await using swarm = new Swarm({ admission, clock, seed, rate: 1 });
  const others = Math.max(1, clients - params.slow - sleepy);
  await swarm.grow(others, { seconds: others / 200 });
  const random = createRandom(seed);
  const still = Array<SlowKind>(Math.floor(params.slow / 2)).fill("deaf");
  await using frozen = await enlist(shard, still, { random, from: SLOW_FROM });
  const awake = planKinds(Math.ceil(params.slow / 2), sleepy);
  await using gone = await enlist(shard, awake, { random, from: SLOW_FROM + still.length });
  await swarm.measure(params.warmUpSeconds);
  const calm = await watchShard(shard, clock, () => swarm.measure(calmSeconds));
  say(`${params.slow} clients stop reading for good, ${sleepy} for a while`);
  const kernel = new KernelWatch(shard.address, [
    ...(await frozen.ports),
    ...(await gone.ports).filter((_, index) => awake[index] !== "sleepy"),
  ]);
  frozen.freeze();
  gone.stopReading();
  const storm = await watchShard(shard, clock, () => swarm.measure(PATIENCE_SECONDS));
  const held = await kernel.stop();
  const proof = await swarm.measure(proofSeconds);
  const report = await gone.report();
  const rssGrowth = Math.max(0, storm.figures.rssBytesMax - calm.figures.rssBytesMax);
  return {
    notClosed: held.notClosed,
    closedMsMax: held.closedMsMax,
    closedMsMedian: held.closedMsMedian,
    closedAsTooSlow: storm.figures.closed(CLOSE.tooSlow),
    kernelHeldKBMax: held.heldBytesMax / KILOBYTE,
    rssGrowthMB: rssGrowth / MEGABYTE,
    // All that the process has grown by, as if it were for them alone, on top of the kernel's.
    heldKBMax: (held.heldBytesMax + rssGrowth / Math.max(1, params.slow)) / KILOBYTE,
    calmAckP99Ms: calm.result.ack.p99,
    othersAckP99Ms: storm.result.ack.p99,
    othersAckP99Percent: (100 * storm.result.ack.p99) / Math.max(1, calm.result.ack.p99),
    // How late this process itself was: what is beyond it is the shard's.
    calmOwnLatenessP99Ms: calm.result.lateness.p99,
    ownLatenessP99Ms: storm.result.lateness.p99,
    calmTickLatenessP99Ms: calm.figures.tickLatenessP99Ms,
    tickLatenessP99Ms: storm.figures.tickLatenessP99Ms,
    calmCpuPercent: calm.figures.cpuPercent,
    cpuPercent: storm.figures.cpuPercent,
    othersCut: storm.result.counters.cuts + proof.counters.cuts,
    sleepyCut: report.cuts,
    // Beyond the one with which everybody begins.
    sleepyResets: report.resets - sleepy,
    syncChecks: report.checks,
    syncMismatches: report.mismatches,
    shardExits: exits,
  };
}

function planKinds(count: number, sleepy: number): SlowKind[] {
  const kinds = Array.from({ length: count }, (_, index) => {
    return GONE_KINDS[index % GONE_KINDS.length] ?? "deaf";
  });
  return [...kinds, ...Array<SlowKind>(sleepy).fill("sleepy")];
}

/** Lets clients in, in a process of their own. */
async function enlist(
  shard: BareShard,
  kinds: readonly SlowKind[],
  { random, from }: { random: Random; from: number },
): Promise<SlowClients> {
  const clients: SlowOrders["clients"] = [];
  for (const [index, kind] of kinds.entries()) {
    const { ticket } = await shard.admission.admit(from + index);
    const sleepMs = SLEEP_MS_MIN + random.below(SLEEP_MS_MAX - SLEEP_MS_MIN);
    clients.push({ kind, ticket, sleepMs });
  }
  const process = new SlowClients({ address: shard.address, clients });
  await process.ports;
  return process;
}

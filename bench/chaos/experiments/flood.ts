import { createRandom, type Random } from "#shared/sim/index.ts";
import { type BareShard, startBareShard } from "../../load/bare-shard.ts";
import { describeRaisedLimits } from "../../load/raised-limits.ts";
import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { letLoose, type Orders, type Outcome } from "../attack/attackers.ts";
import type { AttackName, SilenceName } from "../attack/attacks.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { type WatchFigures, watchShard } from "../shard-watch.ts";

const FLOODS: readonly AttackName[] = [
  "inputFlood",
  "pingFlood",
  "controlPingFlood",
  "controlPongFlood",
];
const GARBAGE: readonly AttackName[] = [
  "garbage",
  "garbageOfAnyLength",
  "garbageInPlay",
  "oversize",
  "claimedOversize",
  "text",
  "unmasked",
  "reservedBits",
  "unknownOpcode",
  "longPing",
  "noWebSocket",
];
const SILENCES: readonly SilenceName[] = ["noHello", "halfFrame", "halfMessage", "halfRequest"];
/** Connections that attack on one round of tickets, which live 30 s. */
const WAVE = 250;
/** So that attackers' players are not honest ones'. */
const ATTACKERS_FROM = 1_000_000;
const MEGABYTE = 1_000_000;

interface FloodParams extends Params {
  /** Honest players who go on playing. */
  readonly clients: number;
  /** Garbage frames in all. */
  readonly garbage: number;
  /** Garbage frames that one connection sends. */
  readonly burst: number;
  /** Players who send 10,000 messages a second, one after the other. */
  readonly floods: number;
  /** Connections of each kind that begin something and fall silent. */
  readonly silences: number;
  readonly warmUpSeconds: number;
  readonly calmSeconds: number;
}

/** Hostile connections of every kind beside honest players. */
export const flood = defineExperiment<FloodParams>({
  name: "flood",
  work:
    "10,000 messages a second from one client, garbage frames of every kind, half-open " +
    "connections: closed, and the others play on",
  params: {
    clients: 120,
    garbage: 10_000,
    burst: 100,
    floods: 20,
    silences: 5,
    warmUpSeconds: 2,
    calmSeconds: 5,
  },
  bars: ({ silences }) => [
    { metric: "notClosed", op: "==", bound: 0 },
    { metric: "closedMsMax", op: "<=", bound: 1_000 },
    { metric: "rssGrowthMB", op: "<=", bound: 50 },
    { metric: "shardExits", op: "==", bound: 0 },
    { metric: "honestCuts", op: "==", bound: 0 },
    ...(silences > 0
      ? [
          // No hello within 5 s, which is looked at four times a second; no whole request
          // within 10 s.
          { metric: "silentFrameClosedMsMax", op: "<=", bound: 6_000 } as const,
          { metric: "silentRequestClosedMsMax", op: "<=", bound: 10_000 } as const,
        ]
      : []),
  ],
  run: runFlood,
});

async function runFlood(run: ExperimentRun<FloodParams>): Promise<Figures> {
  const { params, seed, clock, say } = run;
  const { clients, calmSeconds } = params;
  await using shard = await startBareShard({ clock, players: clients + 2 * WAVE });
  say(describeRaisedLimits(shard));
  let exits = 0;
  void shard.exited.then(() => {
    exits += 1;
  });
  const { admission } = shard;
  await using swarm = new Swarm({ admission, clock, seed, rate: 1 });
  await swarm.grow(clients, { seconds: clients / 100 });
  await swarm.measure(params.warmUpSeconds);
  const calm = await watchShard(shard, clock, () => swarm.measure(calmSeconds));
  say("the attack begins");
  const outcomes: Outcomes = { attacks: [], silences: [] };
  const storm = await watchShard(shard, clock, () =>
    measureUntil(swarm, attack({ run, shard, outcomes })),
  );
  const figures = compare(calm, storm);
  return { ...summarise(outcomes), ...figures, shardExits: exits };
}

interface Outcomes {
  readonly attacks: Outcome[];
  readonly silences: Outcome[];
}

/** Wave by wave until everything planned was done. */
async function attack(battle: {
  run: ExperimentRun<FloodParams>;
  shard: BareShard;
  outcomes: Outcomes;
}): Promise<void> {
  const { run, shard, outcomes } = battle;
  const { burst, silences } = run.params;
  const random = createRandom(run.seed);
  const plan = planAttacks(run.params, random);
  for (let start = 0; start < plan.length; start += WAVE) {
    const attacks: Orders["attacks"] = [];
    for (const [index, name] of plan.slice(start, start + WAVE).entries()) {
      const door = isPlayer(name) && (await shard.admission.admit(ATTACKERS_FROM + start + index));
      attacks.push({ name, ticket: door === false ? "" : door.ticket });
    }
    const isFirst = start === 0;
    const result = await letLoose({
      address: shard.address,
      seed: random.below(1_000_000),
      burst,
      attacks,
      silences: isFirst ? SILENCES.flatMap((name) => Array(silences).fill(name)) : [],
    });
    outcomes.attacks.push(...result.attacks);
    outcomes.silences.push(...result.silences);
    run.say(`${Math.min(plan.length, start + WAVE)} of ${plan.length} attacks are over`);
  }
}

/** All kinds in turn, in an order that the seed decides. */
function planAttacks({ garbage, burst, floods }: FloodParams, random: Random): AttackName[] {
  const plan = [...pick(FLOODS, floods), ...pick(GARBAGE, Math.ceil(garbage / Math.max(1, burst)))];
  for (let last = plan.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [plan[last], plan[other]] = [plan[other] ?? "garbage", plan[last] ?? "garbage"];
  }
  return plan;
}

function pick(names: readonly AttackName[], count: number): AttackName[] {
  return Array.from({ length: count }, (_, index) => names[index % names.length] ?? "garbage");
}

function isPlayer(name: AttackName): boolean {
  return name === "garbageInPlay" || FLOODS.includes(name);
}

/** Measures in stretches until `over`; the last one holds all of it that is left. */
async function measureUntil(swarm: Swarm, over: Promise<void>): Promise<SwarmFigures[]> {
  let isOver = false;
  const ending = over.finally(() => {
    isOver = true;
  });
  const figures: SwarmFigures[] = [];
  while (!isOver) figures.push(await swarm.measure(1));
  await ending;
  return figures;
}

interface Watched<T> {
  readonly result: T;
  readonly figures: WatchFigures;
}

function compare(calm: Watched<SwarmFigures>, storm: Watched<SwarmFigures[]>): Figures {
  const worst = (read: (figures: SwarmFigures) => number) => Math.max(...storm.result.map(read));
  return {
    rssCalmMB: calm.figures.rssBytesMax / MEGABYTE,
    rssGrowthMB: Math.max(0, storm.figures.rssBytesMax - calm.figures.rssBytesMax) / MEGABYTE,
    honestCuts: storm.result.reduce((sum, { counters }) => sum + counters.cuts, 0),
    calmAckP99Ms: calm.result.ack.p99,
    attackAckP99Ms: worst(({ ack }) => ack.p99),
    calmTickLatenessP99Ms: calm.figures.tickLatenessP99Ms,
    attackTickLatenessP99Ms: storm.figures.tickLatenessP99Ms,
    calmCpuPercent: calm.figures.cpuPercent,
    attackCpuPercent: storm.figures.cpuPercent,
    ticksSkipped: storm.figures.ticksSkipped,
    attackSeconds: storm.result.length * 2,
  };
}

function summarise({ attacks, silences }: Outcomes): Figures {
  const all = [...attacks, ...silences];
  const slowest = (outcomes: readonly Outcome[]) =>
    Math.max(0, ...outcomes.map(({ closedMs = Number.POSITIVE_INFINITY }) => closedMs));
  const closed = attacks.filter(({ closedMs }) => closedMs !== undefined);
  return {
    attacks: all.length,
    badFrames: attacks.reduce((sum, { frames }) => sum + frames, 0),
    notClosed: all.filter(({ closedMs }) => closedMs === undefined).length,
    closedMsMax: slowest(closed),
    ...(silences.length > 0 && {
      silentFrameClosedMsMax: slowest(silences.filter(({ name }) => name !== "halfRequest")),
      silentRequestClosedMsMax: slowest(silences.filter(({ name }) => name === "halfRequest")),
    }),
  };
}

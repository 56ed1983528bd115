import { Swarm } from "../../load/swarm.ts";
import type { SwarmFigures } from "../../load/swarm-figures.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { median } from "../../run/medians.ts";
import { DiskShard, type TickFigures } from "../disk/disk-shard.ts";
import { SlowHouse } from "../disk/slow-house.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";

/** Newcomers per second. */
const GROWTH = 100;
/** Of the crowd, per second and client. */
const ATTACK_RATE = 0.2;

interface SlowDiskParams extends Params {
  /** The crowd that makes the ticks what they are. */
  readonly clients: number;
  /** Beside them, those who do what is durable. */
  readonly givers: number;
  /** A good stretch and a bad one each. */
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly calmSeconds: number;
  readonly slowSeconds: number;
  /** What a commit takes in a bad stretch. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** 1: the shard is told of commits before they are done, and the bars must break. */
  readonly gateOff: number;
}

/** Good and bad stretches of a disk, in turn, under a crowd that plays on. */
export const slowDisk = defineExperiment<SlowDiskParams>({
  name: "slow-disk",
  work:
    "every commit takes long, again and again: ticks go on as before, durable actions wait for " +
    "their commit, players are told, and nothing is lost when it is over",
  params: {
    clients: 200,
    givers: 8,
    rounds: 10,
    warmUpSeconds: 3,
    calmSeconds: 45,
    slowSeconds: 45,
    delayMsMin: 50,
    delayMsMax: 500,
    gateOff: 0,
  },
  bars: () => [
    { metric: "tickDurationP99Percent", op: "<=", bound: 110 },
    { metric: "tickLatenessP99Percent", op: "<=", bound: 110 },
    // Where other processes want the machine too, ticks are skipped over either disk.
    { metric: "ticksSkippedBeyond", op: "==", bound: 0 },
    { metric: "answersBeforeCommit", op: "==", bound: 0 },
    { metric: "untold", op: "==", bound: 0 },
    { metric: "creditsLacking", op: "==", bound: 0 },
    { metric: "creditsSurplus", op: "==", bound: 0 },
    { metric: "answersChanged", op: "==", bound: 0 },
    { metric: "sessionsLost", op: "==", bound: 0 },
    { metric: "cuts", op: "==", bound: 0 },
  ],
  run: runSlowDisk,
});

async function runSlowDisk(run: ExperimentRun<SlowDiskParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const { clients, givers, rounds, calmSeconds, slowSeconds } = params;
  await using shard = await DiskShard.start({ clock, connectionsMax: clients + givers + 100 });
  const { orders } = shard;
  const house = new SlowHouse({ clock, seed, shard, givers });
  const [calm, slow] = [new Stretches(shard), new Stretches(shard)];
  {
    await using swarm = new Swarm({
      admission: shard.admission,
      clock,
      seed,
      rate: 1,
      attackRate: ATTACK_RATE,
    });
    await swarm.grow(clients, { seconds: clients / GROWTH });
    await house.enter();
    await swarm.measure(params.warmUpSeconds);
    for (let round = 0; round < rounds; round += 1) {
      await calm.measure(house, () => swarm.measure(calmSeconds));
      const order = { msMin: params.delayMsMin, msMax: params.delayMsMax, seed: seed + round };
      orders.order({ ...order, isLying: params.gateOff !== 0 });
      await house.hearOfTrouble();
      await slow.measure(house, () => swarm.measure(slowSeconds));
      orders.order(undefined);
      await house.hearOfRecovery();
      await house.compare();
      say(`${round + 1} of ${rounds} stretches of a slow disk`);
    }
  }
  await shard.kill();
  await shard.run();
  await house.comeBack();
  house.leave();
  return {
    trials: rounds,
    ...house.figures,
    ...calm.figures("calm"),
    ...slow.figures("slow"),
    tickDurationP99Percent: percentOf(slow.durationP99Ms, calm.durationP99Ms),
    tickLatenessP99Percent: percentOf(slow.latenessP99Ms, calm.latenessP99Ms),
    ticksSkippedBeyond: Math.max(0, Math.ceil(slow.ticksSkipped - 1.1 * calm.ticksSkipped)),
    cuts: calm.cuts + slow.cuts,
  };
}

/** All stretches of one kind, taken together. */
class Stretches {
  readonly #shard: DiskShard;
  readonly #ticks: TickFigures[] = [];
  readonly #crowd: SwarmFigures[] = [];
  readonly #waitsMs: number[] = [];
  ticksSkipped = 0;

  constructor(shard: DiskShard) {
    this.#shard = shard;
  }

  async measure(house: SlowHouse, measureCrowd: () => Promise<SwarmFigures>): Promise<void> {
    const { ticks } = this.#shard;
    const skippedBefore = await this.#readSkipped();
    const from = ticks.length;
    const waitsMs = await house.giveDuring(async () => {
      this.#crowd.push(await measureCrowd());
    });
    this.#ticks.push(...ticks.slice(from));
    this.ticksSkipped += (await this.#readSkipped()) - skippedBefore;
    this.#waitsMs.push(...waitsMs);
  }

  get durationP99Ms(): number {
    return percentile(
      this.#ticks.map(({ durationMs }) => durationMs),
      0.99,
    );
  }

  get latenessP99Ms(): number {
    return percentile(
      this.#ticks.map(({ latenessMs }) => latenessMs),
      0.99,
    );
  }

  get cuts(): number {
    return this.#crowd.reduce((sum, { counters }) => sum + counters.cuts, 0);
  }

  /** All with the kind of stretch before their names. */
  figures(kind: "calm" | "slow"): Figures {
    const figures = {
      Ticks: this.#ticks.length,
      TicksSkipped: this.ticksSkipped,
      TickDurationP99Ms: this.durationP99Ms,
      TickLatenessP99Ms: this.latenessP99Ms,
      AnswerMsP50: percentile(this.#waitsMs, 0.5),
      AnswerMsP99: percentile(this.#waitsMs, 0.99),
      FrameGapP99Ms: medianOf(this.#crowd.map(({ frameGap }) => frameGap.p99)),
      AckP99Ms: medianOf(this.#crowd.map(({ ack }) => ack.p99)),
    };
    return Object.fromEntries(Object.entries(figures).map(([name, value]) => [kind + name, value]));
  }

  async #readSkipped(): Promise<number> {
    return (await this.#shard.metrics()).sum("tessera_ticks_skipped_total");
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function medianOf(values: readonly number[]): number {
  return median(values.toSorted((one, other) => one - other));
}

function percentOf(value: number, base: number): number {
  return base === 0 ? 0 : (100 * value) / base;
}

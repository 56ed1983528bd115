import { randomBytes } from "node:crypto";
import { createRandom, type Random } from "#shared/sim/kernel/random.ts";
import type { Clock } from "#shared/time/clock.ts";
import { startBroker } from "../../regions/brokers.ts";
import type { Figures, Params } from "../../run/benchmark.ts";
import { openScratchFolder } from "../../run/scratch-folder.ts";
import { PresenceObserver } from "../presence/presence-observer.ts";
import { FAULTS, PresenceScene } from "../presence/presence-scene.ts";
import { StagePlayer } from "../presence/stage-player.ts";
import { StageRegion } from "../presence/stage-region.ts";
import { WakingClock } from "../presence/waking-clock.ts";
import { brokerOf } from "../regions/cut-regions.ts";
import { defineExperiment, type ExperimentRun } from "../run/experiment.ts";
import { waitUntil } from "../run/waiting.ts";

interface PresenceParams extends Params {
  readonly regions: number;
  /** In each region. */
  readonly players: number;
  /** Faults, one after the other; each kind in its turn. */
  readonly faults: number;
  /** With which kind a run begins; with each seed one further. */
  readonly first: number;
  /** For so long something is dead, or frozen, or cut off. */
  readonly downMsMin: number;
  readonly downMsMax: number;
  /** 0: the regions meet on Redis; 1: on NATS; 2: with odd seeds on Redis, with even on NATS. */
  readonly nats: number;
}

const REGIONS = ["eu-west-1", "us-east-1", "ap-south-1"];
const RIGHT_MS_MAX = 10_000;
const STILL_MS_SAID = 1_000;

/** Who is where, while whatever tells of it or asks for it dies. */
export const presence = defineExperiment<PresenceParams>({
  name: "presence",
  work:
    "shards, servers and whole regions are killed, frozen or cut off, and players lose their " +
    "connection: within 10 s each server says exactly who is where, nobody who stays ever " +
    "vanishes, and a server that hears nothing says so",
  params: {
    ...{ regions: 2, players: 4, faults: FAULTS.length, first: 0 },
    ...{ downMsMin: 500, downMsMax: 15_000, nats: 2 },
  },
  bars: ({ faults }) => [
    { metric: "trials", op: ">=", bound: faults },
    { metric: "goneMsMax", op: "<=", bound: RIGHT_MS_MAX },
    { metric: "backMsMax", op: "<=", bound: RIGHT_MS_MAX },
    { metric: "vanished", op: "==", bound: 0 },
    { metric: "ghosts", op: "==", bound: 0 },
    { metric: "doubled", op: "==", bound: 0 },
    { metric: "strangers", op: "==", bound: 0 },
    { metric: "staleUntold", op: "==", bound: 0 },
    { metric: "unsettled", op: "==", bound: 0 },
  ],
  run: runPresence,
});

async function runPresence(run: ExperimentRun<PresenceParams>): Promise<Figures> {
  const { params, clock, seed, say } = run;
  const random = createRandom(seed);
  await using parts = new AsyncDisposableStack();
  // What happens while the machine stands still is no fault of those who stand still with it.
  const waking = new WakingClock(clock);
  parts.defer(() => waking.close());
  const stage = await openStage({ ...run, clock: waking }, { parts, random });
  const { observers } = stage;
  const { downMsMin, downMsMax } = params;
  const scene = new PresenceScene({ ...stage, clock: waking, random, downMsMin, downMsMax });
  // Whoever stood still with the machine may say so at first.
  waking.woke = () => {
    for (const { judge } of observers) judge.wakes(waking.monotonicMs());
  };
  for (const observer of observers) {
    observer.start();
    parts.defer(() => observer.end());
  }
  for (let at = 0; at < params.faults; at += 1) {
    const fault = FAULTS[(params.first + seed - 1 + at) % FAULTS.length] ?? FAULTS[0];
    await scene.suffer(fault);
    const { goneMsMax, backMsMax, vanished } = add(observers);
    for (const { judge } of observers) judge.vanishings.splice(0).forEach(say);
    say(`${fault}: so far gone ${goneMsMax}, back ${backMsMax} ms, vanished ${vanished}`);
    const stillMs = waking.stoodStillMs;
    if (stillMs > STILL_MS_SAID)
      say(`the machine stood still for ${Math.round(stillMs)} ms so far`);
  }
  for (const { region, judge } of observers) say(`${region.name}, at worst: ${judge.worst}`);
  const { unsettled } = scene;
  const stoodStillMs = Math.max(0, Math.round(waking.stoodStillMs));
  return { trials: params.faults, ...add(observers), unsettled, stoodStillMs };
}

async function openStage(
  { params, clock, seed }: ExperimentRun<PresenceParams>,
  { parts, random }: { parts: AsyncDisposableStack; random: Random },
) {
  const folder = parts.use(openScratchFolder("presence"));
  const broker = parts.use(await startBroker(brokerOf(params.nats, seed)));
  const secret = randomBytes(32).toString("base64url");
  const regions: StageRegion[] = [];
  const players: StagePlayer[] = [];
  const observers: PresenceObserver[] = [];
  for (const name of REGIONS.slice(0, params.regions)) {
    const region = await StageRegion.start({ name, broker, folder: folder.path, secret });
    parts.defer(() => region.end());
    regions.push(region);
    observers.push(await PresenceObserver.open(region, clock));
    await hearsOfShards(region, { clock, count: regions.flatMap(({ shards }) => shards).length });
    for (let left = params.players; left > 0; left -= 1) {
      const player = await StagePlayer.join(region, { random: () => random.below(1_000) / 1_000 });
      parts.defer(() => player.end());
      players.push(player);
    }
  }
  return { regions, players, observers };
}

/** The server has heard of so many shards, those of others included. */
async function hearsOfShards(
  { url }: StageRegion,
  { clock, count }: { clock: Clock; count: number },
): Promise<void> {
  await waitUntil(clock, async () => {
    const health: { shards: number } = await (await fetch(`${url}/health`)).json();
    return health.shards >= count;
  });
}

function add(observers: readonly PresenceObserver[]) {
  const all = {
    ...{ answers: 0, goneMsMax: 0, backMsMax: 0, vanished: 0, ghosts: 0, doubled: 0 },
    ...{ strangers: 0, staleUntold: 0, staleTold: 0, unanswered: 0, unwatchedMsMax: 0 },
  };
  for (const { judge, unanswered, unwatchedMsMax } of observers) {
    const { goneMsMax, backMsMax, ...counts } = judge.figures;
    all.goneMsMax = Math.max(all.goneMsMax, Math.round(goneMsMax));
    all.backMsMax = Math.max(all.backMsMax, Math.round(backMsMax));
    all.unwatchedMsMax = Math.max(all.unwatchedMsMax, Math.round(unwatchedMsMax));
    all.unanswered += unanswered;
    for (const name of COUNTS) all[name] += counts[name];
  }
  return all;
}

const COUNTS = [
  ...(["answers", "vanished", "ghosts", "doubled"] as const),
  ...(["strangers", "staleUntold", "staleTold"] as const),
];

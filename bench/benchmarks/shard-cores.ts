import { cpus } from "node:os";
import { type BenchmarkRun, defineBenchmark, type Figures } from "../run/benchmark.ts";
import { findGreatest } from "../run/find-greatest.ts";
import { isShardHeld } from "./shard/is-held.ts";
import { loadShard } from "./shard/load-shard.ts";
import { outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;
const EFFICIENCY_MIN = 0.85;
const GATEWAYS = [1, 2, 4, 8];
/** Two cores are for the loop and for the load generator. */
const OTHER_CORES = 2;
const PRECISION = 0.05;
const ATTEMPTS_MAX = 8;

const params = {
  /** Tried first with one gateway, and the most that is tried. */
  players: 6_000,
  playersMax: 12_000,
  rampSeconds: 20,
  warmUpSeconds: 5,
  measureSeconds: 15,
};

/** One world on more and more gateway threads. */
export const shardCores = defineBenchmark({
  name: "shard-cores",
  work: "one world on 1, 2, 4, 8 gateway threads: how many players are held",
  meanings: {
    efficiency: "players for each gateway with the most of them, divided by those with one",
    gatewaysMost: "most gateways that the machine has cores for",
    playersWith1: "most players that are held with 1 gateway",
    playersWith2: "most players that are held with 2 gateways",
    playersWith4: "most players that are held with 4 gateways",
    playersWith8: "most players that are held with 8 gateways",
  },
  runs: 1,
  inProcess: false,
  coresMin: 4,
  params,
  bars: () => [{ metric: "efficiency", op: ">=", bound: EFFICIENCY_MIN }],
  async measure(run) {
    const figures: Figures = {};
    let most = 1;
    for (const gateways of GATEWAYS) {
      if (gateways > cpus().length - OTHER_CORES) continue;
      most = gateways;
      figures[`playersWith${gateways}`] = await findPlayers(run, gateways);
    }
    const single = figures.playersWith1 ?? 0;
    if (single === 0) throw new Error("cannot compare gateways: one of them holds nobody");
    const efficiency = (figures[`playersWith${most}`] ?? 0) / (most * single);
    return { ...figures, gatewaysMost: most, efficiency };
  },
});

function findPlayers(run: BenchmarkRun<typeof params>, gateways: number): Promise<number> {
  const { players, playersMax, ...seconds } = run.params;
  const range = { start: players, max: playersMax, precision: PRECISION };
  return findGreatest({ ...range, attemptsMax: ATTEMPTS_MAX }, async (count) => {
    const { profileFolder, say } = run;
    say(`${gateways} gateways`);
    const load = { ...seconds, players: count, gateways, tickRate: TICK_RATE, profileFolder, say };
    const figures = outcomeFigures(await loadShard(load));
    return isShardHeld(figures, { players: count, tickRate: TICK_RATE });
  });
}

import { defineBenchmark } from "../run/benchmark.ts";
import { loadShard } from "./shard/load-shard.ts";
import { OUTCOME_MEANINGS, outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;

/** Ten thousand players on one shard process. */
export const shardCapacity = defineBenchmark({
  name: "shard-capacity",
  work: "10,000 players on one shard process, 30 Hz simulation, 10 Hz deltas",
  meanings: OUTCOME_MEANINGS,
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: {
    players: 10_000,
    gateways: 1,
    rampSeconds: 25,
    warmUpSeconds: 10,
    measureSeconds: 30,
  },
  bars: ({ players }) => [
    { metric: "players", op: "==", bound: players },
    // A crowd of fewer has more of an edge.
    ...(players >= 10_000 ? [{ metric: "watchedEntities", op: ">=", bound: 72 } as const] : []),
    { metric: "tickLatenessMsP99", op: "<=", bound: 5 },
    { metric: "ticksSkipped", op: "==", bound: 0 },
    { metric: "cpuPercent", op: "<=", bound: 95 },
    { metric: "rssMB", op: "<=", bound: 150 },
    { metric: "bytesPerClientPerSecond", op: "<=", bound: 1_400 },
    { metric: "framesPerClientPerSecond", op: ">=", bound: 9.9 },
    { metric: "gatewayStallMsP99", op: "<=", bound: 6 },
    { metric: "pingMsP99", op: "<=", bound: 5 },
  ],
  async measure({ params, say, profileFolder }) {
    const load = { ...params, tickRate: TICK_RATE, profileFolder, say };
    return outcomeFigures(await loadShard(load));
  },
});

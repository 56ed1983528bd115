import { cpus } from "node:os";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { CORES_GATEWAYS, coresFigures, gatewaysFor } from "./shard/cores-figures.ts";
import { loadShard } from "./shard/load-shard.ts";
import { outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;
const EFFICIENCY_MIN = 0.85;

/** One world on more and more gateway threads. */
export const shardCores = defineBenchmark({
  name: "shard-cores",
  work: "one world of 10,000 players on 1, 2, 4, 8 gateway threads: how the work divides",
  meanings: {
    efficiency:
      "share of the busiest gateway with 1, divided by that with the most times their number",
    gatewaysMost: "most gateways that the machine has cores for",
    notHeld: "numbers of gateways with which the shard did not hold its players",
    playersReckoned: "players at which the busiest thread would be at 90 %, reckoned and not tried",
    ...Object.fromEntries(
      CORES_GATEWAYS.flatMap((gateways) => [
        [
          `gatewayPercentWith${gateways}`,
          `percent of one core, the busiest of ${gateways} gateways`,
        ],
        [`loopPercentWith${gateways}`, `percent of one core, the loop's thread beside ${gateways}`],
      ]),
    ),
  },
  runs: 1,
  inProcess: false,
  coresMin: 4,
  params: { players: 10_000, rampSeconds: 20, warmUpSeconds: 5, measureSeconds: 15 },
  bars: () => [
    { metric: "efficiency", op: ">=", bound: EFFICIENCY_MIN },
    { metric: "notHeld", op: "==", bound: 0 },
  ],
  async measure({ params, profileFolder, say }) {
    const outcomes = new Map<number, Figures>();
    for (const gateways of gatewaysFor(cpus().length)) {
      say(`${gateways} gateways`);
      const load = { ...params, gateways, tickRate: TICK_RATE, profileFolder, say };
      outcomes.set(gateways, outcomeFigures(await loadShard(load)));
    }
    return coresFigures(outcomes, { players: params.players, tickRate: TICK_RATE });
  },
});

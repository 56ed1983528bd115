import { defineBenchmark } from "../run/benchmark.ts";
import { loadShard } from "./shard/load-shard.ts";
import { OUTCOME_MEANINGS, outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 60;
/** Between two frames to a player: 6 ticks. */
const SEND_INTERVAL_MS = 100;
/** What a median may take on top of it. */
const MARGIN_MS = 2;

/** From an input to those who see it. */
export const latency = defineBenchmark({
  name: "latency",
  work: "1,000 players, 60 Hz arena: input to own ack (L1) and to an observer (L2)",
  meanings: OUTCOME_MEANINGS,
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: { players: 1_000, gateways: 1, rampSeconds: 5, warmUpSeconds: 5, measureSeconds: 20 },
  bars: () =>
    ["ack", "observer"].flatMap((name) => [
      { metric: `${name}MsP50`, op: "<=", bound: SEND_INTERVAL_MS + MARGIN_MS },
      { metric: `${name}MsP99`, op: "<=", bound: 2 * SEND_INTERVAL_MS },
    ]),
  async measure({ params, say, profileFolder }) {
    const load = { ...params, tickRate: TICK_RATE, profileFolder, say };
    return outcomeFigures(await loadShard(load));
  },
});

import { CellChanges } from "#shared/time/cell-changes.ts";
import { CellRegister } from "#shared/time/cell-register.ts";
import { RegionNames } from "#shared/time/region-names.ts";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { type TimedWork, timeByTurns } from "../run/timing.ts";
import { type BrokerName, measureBroker } from "./region-sync/measure-broker.ts";
import { GHOST_MEANINGS, measureGhosts } from "./region-sync/measure-ghosts.ts";

/** What the ancestor measured, as `spec` defines it: an event of a kind that it does not know. */
const EVENT = '{"type":"block","x":100,"y":50,"block_id":1}';
const CLAIMED = 355_590;
const OPERATIONS_MIN = 1_000_000;
/** An event loop that serves players has no longer turn for ghosts. */
const TURN_MICROS_MAX = 2_000;
/** Cells of the register that is written to, and writes to them. */
const CELLS = 100_000;
const BROKERS: readonly BrokerName[] = ["redis", "nats"];

/** What goes between regions, in the ancestor's sense and in ours. */
export const regionSync = defineBenchmark({
  name: "region-sync",
  work: "changes of a mirrored world: the ancestor's operation, a resolved write, two processes",
  meanings: {
    ancestorPerSecond:
      "(a) the ancestor's operation: the JSON of a block event is parsed twice, its kind is not " +
      "known, nothing is written or sent; a second, one core",
    resolvedPerSecond:
      "(b) a write is resolved against what its cell holds by stamp and region, written, and " +
      "the cell is read back; 100,000 cells, one core",
    redisPerSecond:
      "(c) writes of one process that another has applied: batched, compressed, signed, through " +
      "a Redis which writes all to its disk, checked, unpacked, merged; a second",
    redisSenderCpu: "(c) Redis: processor time of the sending process, cores",
    redisReceiverCpu: "(c) Redis: processor time of the receiving process, cores",
    redisBytesPerWrite: "(c) Redis: compressed bytes of a write",
    natsPerSecond: "(c) the same through NATS JetStream",
    natsSenderCpu: "(c) NATS: processor time of the sending process, cores",
    natsReceiverCpu: "(c) NATS: processor time of the receiving process, cores",
    natsBytesPerWrite: "(c) NATS: compressed bytes of a write",
    ...GHOST_MEANINGS,
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: {
    batchCount: 100,
    warmUpSeconds: 3,
    measureSeconds: 8,
    sampleMs: 50,
  },
  bars: () => [
    { metric: "ancestorPerSecond", op: ">=", bound: OPERATIONS_MIN },
    { metric: "resolvedPerSecond", op: ">=", bound: OPERATIONS_MIN },
    ...BROKERS.map((name) => {
      return { metric: `${name}PerSecond`, op: ">=", bound: CLAIMED } as const;
    }),
    ...["ghostTellMicros", "ghostReadMicros", "ghostTickMicros"].map((metric) => {
      return { metric, op: "<=", bound: TURN_MICROS_MAX } as const;
    }),
  ],
  async measure({ params, say }): Promise<Figures> {
    say("in one process");
    const { sampleMs } = params;
    const [ancestorNs = 0, resolvedNs = 0] = timeByTurns([parseTwice, createResolve()], {
      ...{ sampleMs, warmUpMs: sampleMs * 10 },
    });
    const figures: Figures = {
      ancestorPerSecond: 1e9 / ancestorNs,
      resolvedPerSecond: 1e9 / resolvedNs,
      ...measureGhosts(),
    };
    for (const name of BROKERS) {
      say(`two processes through ${name}`);
      const { perSecond, senderCpu, receiverCpu, bytesPerWrite } = await measureBroker(
        name,
        params,
      );
      figures[`${name}PerSecond`] = perSecond;
      figures[`${name}SenderCpu`] = senderCpu;
      figures[`${name}ReceiverCpu`] = receiverCpu;
      figures[`${name}BytesPerWrite`] = bytesPerWrite;
    }
    return figures;
  },
});

/** Once for the kind, once for the content. */
function parseTwice(): number {
  const { type }: { type: string } = JSON.parse(EVENT);
  const event: { x: number } = JSON.parse(EVENT);
  return type === "block_placed" ? event.x : 1;
}

function createResolve(): TimedWork {
  const regions = new RegionNames(["eu-west-1", "us-east-1"]);
  const register = new CellRegister(regions);
  const changes = new CellChanges();
  for (let at = 0; at < CELLS; at += 1) {
    const stamp = { hi: 1, lo: at };
    changes.add({
      x: at % 400,
      y: Math.floor(at / 400),
      layer: at % 3,
      stamp,
      region: 0,
      value: at,
    });
  }
  register.mergeAll(changes);
  // A prime, so that neighbours in time are no neighbours in memory.
  const stride = 7_919;
  let at = 0;
  let counter = CELLS;
  return () => {
    at = (at + stride) % CELLS;
    counter += 1;
    changes.lo[at] = counter;
    changes.region[at] = counter & 1;
    changes.value[at] = counter;
    if (!register.merge(changes, at)) throw new Error("cannot resolve: the later write lost");
    const { x, y, layer } = changes;
    const row = register.find(x[at] ?? 0, y[at] ?? 0, layer[at] ?? 0);
    const value = register.cells.value[row] ?? 0;
    if (value !== counter) throw new Error(`cannot read back: ${value} instead of ${counter}`);
    return value;
  };
}

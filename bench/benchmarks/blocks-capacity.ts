import { BLOCKS_PARAMETERS, CHUNK_SIDE } from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { startBareShard } from "../load/bare-shard.ts";
import { createBlocksWire } from "../load/blocks-wire.ts";
import { defineBenchmark } from "../run/benchmark.ts";
import { profileEnvironment } from "../run/profile/process-profile.ts";
import { prepareLand } from "./blocks/prepare-land.ts";
import { histogramQuantile } from "./shard/histogram-quantile.ts";
import { type ShardOutcome, VIEWPORT, watchShard } from "./shard/load-shard.ts";
import { OUTCOME_MEANINGS, outcomeFigures } from "./shard/outcome-figures.ts";

const TICK_RATE = 30;
/** Units of a viewport in a block. */
const BLOCK_UNITS = 16;
const LAND = BLOCKS_PARAMETERS.columns * CHUNK_SIDE;
/** Entities that the benchmark promises; the land is made a little fuller. */
const ENTITIES_MIN = 100_000;
/** Of all actions; the others were refused, as by a tree or by the distance. */
const DONE_PERCENT_MIN = 75;

/**
 * Five thousand players all over a land of blocks in which a hundred thousand creatures and items
 * are. The bars are this project's own: those of `shard-capacity` where they say the same, which is
 * time, one core, stalls and pings; two intervals of sending for an ack and three for a result,
 * which waits for its commit; a third of what the arena's crowd costs each client more for
 * the animals in sight; and the land's memory, of which the chunks are 40 MB alone, on top.
 */
export const blocksCapacity = defineBenchmark({
  name: "blocks-capacity",
  work: "5,000 players all over a land of blocks with 100,000 entities, 30 Hz, 10 Hz deltas",
  meanings: {
    ...OUTCOME_MEANINGS,
    watchedEntities: "players in the cells that a player watches, mean",
    entities: "entities in the world at the end",
    chunksLoaded: "chunks in memory at the end",
    chunksChanged: "of those, the ones that are not as the seed made them",
    actionsPerSecond: "durable actions a second that were answered",
    actionsDonePercent: "percent of those that were done; the others were refused",
    answerMsP50: "ms from a durable action to its result, p50",
    answerMsP99: "ms from a durable action to its result, p99",
    commitMsP99: "ms from a tick's end to its commit, p99",
  },
  runs: 3,
  inProcess: false,
  coresMin: 2,
  params: {
    players: 5_000,
    gateways: 1,
    animals: 12_000,
    items: 80_000,
    piecesPerHundredSeconds: 10,
    rampSeconds: 30,
    warmUpSeconds: 15,
    measureSeconds: 30,
  },
  bars: ({ players, piecesPerHundredSeconds }) => [
    { metric: "players", op: "==", bound: players },
    ...(players >= 5_000 ? [{ metric: "entities", op: ">=", bound: ENTITIES_MIN } as const] : []),
    { metric: "actionsPerSecond", op: ">=", bound: (players * piecesPerHundredSeconds * 2) / 100 },
    { metric: "actionsDonePercent", op: ">=", bound: DONE_PERCENT_MIN },
    { metric: "tickLatenessMsP99", op: "<=", bound: 5 },
    { metric: "ticksSkipped", op: "==", bound: 0 },
    { metric: "cpuPercent", op: "<=", bound: 95 },
    { metric: "rssMB", op: "<=", bound: 400 },
    { metric: "bytesPerClientPerSecond", op: "<=", bound: 1_900 },
    { metric: "framesPerClientPerSecond", op: ">=", bound: 9.9 },
    { metric: "gatewayStallMsP99", op: "<=", bound: 6 },
    { metric: "pingMsP99", op: "<=", bound: 5 },
    { metric: "ackMsP99", op: "<=", bound: 200 },
    { metric: "answerMsP99", op: "<=", bound: 300 },
    { metric: "probesLost", op: "==", bound: 0 },
  ],
  async measure({ params, say, profileFolder }) {
    const { players, gateways, animals, items, piecesPerHundredSeconds } = params;
    const land = { tickRate: TICK_RATE, spawnBlocks: LAND / 2, animals, items };
    say(`a land with ${animals} animals and ${items} items is made`);
    await using shard = await startBareShard({
      clock: systemClock,
      world: "blocks",
      players,
      tickRate: TICK_RATE,
      gateways,
      spawnBlocks: land.spawnBlocks,
      prepare: (folder) => prepareLand(folder, land),
      environment: profileEnvironment(profileFolder),
    });
    const load = { ...params, profileFolder, say };
    const side = LAND * BLOCK_UNITS;
    const outcome = await watchShard(shard, load, {
      wire: createBlocksWire(),
      kind: "blocks",
      world: { side, cell: CHUNK_SIDE * BLOCK_UNITS, viewport: VIEWPORT },
      workRate: piecesPerHundredSeconds / 100,
    });
    return { ...outcomeFigures(outcome), ...landFigures(outcome) };
  },
});

function landFigures({ swarm, before, after }: ShardOutcome) {
  const commits = { name: "tessera_commit_latency_seconds", share: 0.99 };
  const sizeOf = (what: string) => after.metrics.sum("tessera_world_size", { what });
  const { deeds, refusals } = swarm.counters;
  const actions = deeds + refusals;
  return {
    entities: sizeOf("entities"),
    chunksLoaded: sizeOf("chunks_made") - sizeOf("chunks_dropped"),
    chunksChanged: sizeOf("chunks_changed"),
    actionsPerSecond: actions / swarm.seconds,
    actionsDonePercent: (100 * deeds) / Math.max(1, actions),
    answerMsP50: swarm.answer.p50,
    answerMsP99: swarm.answer.p99,
    commitMsP99: histogramQuantile(before.metrics, after.metrics, commits) * 1_000,
  };
}

import { type ArenaWorld, stepArena } from "#shared/sim/index.ts";
import { defineBenchmark, type Figures } from "../run/benchmark.ts";
import { type TimedWork, timeByTurns } from "../run/timing.ts";
import { type ArenaCrowd, createCrowd } from "./sim/crowd.ts";
import { BLOCKS_MEANINGS, measureBlocks } from "./sim/measure-blocks.ts";

const TICK_RATE = 30;
const NS_PER_ENTITY_MAX = 50;
const GROWTH_MAX = 1.3;

/** One step of the arena with everybody moving, and of blocks with players, animals and grass. */
export const sim = defineBenchmark({
  name: "sim",
  work: "step of arena and blocks, everybody moves and turns once a second; grass that grows",
  meanings: {
    nsPerEntity1k: "ns per moving entity and step, 1,000 entities",
    nsPerEntity10k: "ns per moving entity and step, 10,000 entities",
    nsPerEntity100k: "ns per moving entity and step, 100,000 entities",
    turnlessNsPerEntity10k: "the same without commands, 10,000 entities",
    turnlessNsPerEntity100k: "the same without commands, 100,000 entities",
    stepMicros10k: "µs for a whole step of 10,000 entities",
    growth: "ns per entity at 100,000 divided by that at 10,000",
    floorNsPerRow10k: "ns per row of the plain loop over two typed arrays, 10,000 rows",
    floorRatio10k: "step divided by the plain loop, 10,000 entities",
    ...BLOCKS_MEANINGS,
  },
  runs: 5,
  inProcess: true,
  coresMin: 1,
  params: { small: 1_000, medium: 10_000, large: 100_000, sampleMs: 20 },
  bars: () => [
    { metric: "nsPerEntity10k", op: "<=", bound: NS_PER_ENTITY_MAX },
    { metric: "nsPerEntity100k", op: "<=", bound: NS_PER_ENTITY_MAX },
    { metric: "growth", op: "<=", bound: GROWTH_MAX },
    { metric: "blocksPlayerGrowth", op: "<=", bound: GROWTH_MAX },
    { metric: "blocksAnimalGrowth", op: "<=", bound: GROWTH_MAX },
    { metric: "blocksGrassGrowth", op: "<=", bound: GROWTH_MAX },
  ],
  async measure({ params, say }): Promise<Figures> {
    const { small, medium, large, sampleMs } = params;
    const crowds = [small, medium, large, medium, large].map((size) =>
      createCrowd(size, TICK_RATE),
    );
    say(`${crowds.length} crowds of up to ${large.toLocaleString("en-US")} by turns`);
    const works = crowds.map((crowd, index) => stepOf(crowd, index < 3));
    const options = { sampleMs, warmUpMs: sampleMs * 20 };
    const ns = timeByTurns([...works, floorOf(medium)], options);
    for (const { world } of crowds) assertMoving(world);
    const [smallNs = 0, mediumNs = 0, largeNs = 0, turnlessNs = 0, turnlessLargeNs = 0] = ns;
    const floorNs = ns.at(-1) ?? 0;
    return {
      nsPerEntity1k: smallNs / small,
      nsPerEntity10k: mediumNs / medium,
      nsPerEntity100k: largeNs / large,
      growth: largeNs / large / (mediumNs / medium),
      turnlessNsPerEntity10k: turnlessNs / medium,
      turnlessNsPerEntity100k: turnlessLargeNs / large,
      stepMicros10k: mediumNs / 1_000,
      floorNsPerRow10k: floorNs / medium,
      floorRatio10k: mediumNs / floorNs,
      ...measureBlocks(params, say),
    };
  },
});

function stepOf({ world, nextTurns }: ArenaCrowd, commands: boolean): TimedWork {
  return () => {
    stepArena(world, commands ? nextTurns() : []);
    return world.players.columns.x[0] ?? 0;
  };
}

/** What was timed must have been what it is said to be. */
function assertMoving({ players }: ArenaWorld): void {
  const { dx, dy } = players.columns;
  for (let row = 0; row < players.rowCount; row++) {
    if (dx[row] === 0 || dy[row] === 0) throw new Error(`cannot time sim: row ${row} stands still`);
  }
}

function floorOf(rows: number): TimedWork {
  const positions = new Uint16Array(rows);
  const steps = new Int8Array(rows).fill(1);
  return () => {
    for (let row = 0; row < rows; row++) positions[row] = (positions[row] ?? 0) + (steps[row] ?? 0);
    return positions[0] ?? 0;
  };
}

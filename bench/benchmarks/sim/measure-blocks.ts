import { BLOCKS_PARAMETERS, createBlocks, stepBlocks } from "#shared/sim/index.ts";
import type { Figures } from "../../run/benchmark.ts";
import { type TimedWork, timeByTurns } from "../../run/timing.ts";
import { type BlocksCrowd, createAnimalCrowd, createPlayerCrowd } from "./blocks-crowd.ts";
import { createGrowingLand } from "./growing-land.ts";

/** Long enough for a step of a hundred thousand. */
const SAMPLE_MS = 40;

/** What `measureBlocks` tells. */
export const BLOCKS_MEANINGS = {
  blocksNsPerPlayer10k: "blocks: ns per walking player and step, 10,000 players",
  blocksNsPerPlayer100k: "blocks: the same, 100,000 players",
  blocksPlayerGrowth: "blocks: ns per player at 100,000 divided by that at 10,000",
  blocksNsPerAnimal10k: "blocks: ns per animal and step as it lives, 10,000 animals",
  blocksNsPerAnimal100k: "blocks: the same, 100,000 animals",
  blocksAnimalGrowth: "blocks: ns per animal at 100,000 divided by that at 10,000",
  blocksNsPerGrass1k: "blocks: ns per block of grass that grows and step, 1,000 of 65,536",
  blocksNsPerGrass10k: "blocks: the same, 10,000 of 65,536",
  blocksGrassGrowth: "blocks: ns per block that grows at 10,000 divided by that at 1,000",
  blocksMicrosAtRest: "blocks: µs for a whole step of a land of 16,384 chunks at rest",
} as const;

/** Steps of blocks: crowds of two sizes, land of which much and little grows, land at rest. */
export function measureBlocks(
  params: { readonly small: number; readonly medium: number; readonly large: number },
  say: (text: string) => void,
): Figures {
  const { small, medium, large } = params;
  const crowds = [
    createPlayerCrowd(medium),
    createPlayerCrowd(large),
    createAnimalCrowd(medium),
    createAnimalCrowd(large),
  ];
  say(`${crowds.length} crowds of up to ${large.toLocaleString("en-US")} in blocks by turns`);
  const works = [...crowds.map(stepOf), growing(small), growing(medium), atRest()];
  const ns = timeByTurns(works, { sampleMs: SAMPLE_MS, warmUpMs: SAMPLE_MS * 10 });
  const [players = 0, manyPlayers = 0, animals = 0, manyAnimals = 0, ...others] = ns;
  const [grass = 0, muchGrass = 0, restNs = 0] = others;
  return {
    blocksNsPerPlayer10k: players / medium,
    blocksNsPerPlayer100k: manyPlayers / large,
    blocksPlayerGrowth: manyPlayers / large / (players / medium),
    blocksNsPerAnimal10k: animals / medium,
    blocksNsPerAnimal100k: manyAnimals / large,
    blocksAnimalGrowth: manyAnimals / large / (animals / medium),
    blocksNsPerGrass1k: grass / small,
    blocksNsPerGrass10k: muchGrass / medium,
    blocksGrassGrowth: muchGrass / medium / (grass / small),
    blocksMicrosAtRest: restNs / 1000,
  };
}

function stepOf({ world, nextTurns }: BlocksCrowd): TimedWork {
  return () => {
    stepBlocks(world, nextTurns());
    return world.entities.columns.x[0] ?? 0;
  };
}

function growing(blocks: number): TimedWork {
  const { world, keepGrowing } = createGrowingLand(blocks);
  return () => {
    keepGrowing();
    stepBlocks(world, []);
    return world.awake.size;
  };
}

function atRest(): TimedWork {
  const world = createBlocks(BLOCKS_PARAMETERS);
  return () => {
    stepBlocks(world, []);
    return world.tick;
  };
}

import { neighboursOf } from "../../layout.ts";
import type { BlocksWorld } from "../../world.ts";
import { blockIn, levelIn, setBlock, setLevel, wakeAround } from "../../write-block.ts";
import type { BlockBehaviour } from "../block-behaviour.ts";
import { Block, WATER_LEVEL_MAX } from "../block-ids.ts";

/** Levels that differ by so much even out. */
const UNEVEN = 2;

/** Runs into Air beside it, one level lower with each block, and evens out with other water. */
export const water: BlockBehaviour = {
  placedLevel: WATER_LEVEL_MAX,

  update(world, cell) {
    // The array of neighbours is used again by whatever is written meanwhile.
    for (const neighbour of [...neighboursOf(world.shape, cell)]) {
      if (neighbour === -1) continue;
      const level = levelIn(world, cell);
      const there = blockIn(world, neighbour);
      if (there === Block.Air && level > 1) setBlock(world, neighbour, Block.Water, level - 1);
      else if (there === Block.Water) evenOut(world, cell, neighbour);
    }
  },
};

function evenOut(world: BlocksWorld, cell: number, neighbour: number): void {
  const here = levelIn(world, cell);
  const there = levelIn(world, neighbour);
  if (Math.abs(here - there) < UNEVEN) return;
  const flow = here > there ? 1 : -1;
  for (const [changed, level] of [
    [cell, here - flow],
    [neighbour, there + flow],
  ] as const) {
    setLevel(world, changed, level);
    wakeAround(world, changed);
  }
}

/** Lies still; next to anything that is no water it becomes water that runs. */
export const deepWater: BlockBehaviour = {
  update(world, cell) {
    const ends = neighboursOf(world.shape, cell).some(
      (neighbour) => neighbour !== -1 && !isWater(blockIn(world, neighbour)),
    );
    if (ends) setBlock(world, cell, Block.Water, WATER_LEVEL_MAX);
  },
};

function isWater(id: number): boolean {
  return id === Block.Water || id === Block.DeepWater;
}

import { randomUint32, scaleRandom } from "../../../../kernel/random.ts";
import { neighboursOf } from "../../layout.ts";
import type { BlocksWorld } from "../../world.ts";
import { blockIn, levelIn, setBlock, setLevel, wake } from "../../write-block.ts";
import type { BlockBehaviour } from "../block-behaviour.ts";
import { Block, DUG_DIRT_MOISTURE, GRASS_GROWTH_MAX, GRASS_RIPE } from "../block-ids.ts";

/** What dirt needs to be grown over. */
const SPREAD_MOISTURE_MIN = 2;

const GROW_PERCENT = 10;
const SPREAD_PERCENT = 5;
const SALT_GROW = 1;
const SALT_SPREAD = 2;
const SALT_WHERE = 3;

/**
 * Grows, spreads when it is ripe, and rests once it is fully grown and has nowhere to go. Dug, it
 * leaves moist dirt.
 */
export const grass: BlockBehaviour = {
  update(world, cell) {
    const growth = levelIn(world, cell);
    const grows = growth < GRASS_GROWTH_MAX && chance(world, cell, SALT_GROW) < GROW_PERCENT;
    if (grows) setLevel(world, cell, growth + 1);
    const ripe = growth >= GRASS_RIPE;
    if (ripe && chance(world, cell, SALT_SPREAD) < SPREAD_PERCENT) spread(world, cell);
    if (growth < GRASS_GROWTH_MAX || hasPlace(world, cell)) wake(world, cell);
    if (growth + 1 < GRASS_GROWTH_MAX || (growth < GRASS_GROWTH_MAX && !grows)) {
      world.growing.add(cell);
    }
  },

  dig(world, cell) {
    setBlock(world, cell, Block.Dirt, DUG_DIRT_MOISTURE);
    return { broken: true, drop: 0 };
  },
};

/**
 * Whether grass that still grows does nothing in this tick but wait for the next: chance says so
 * for most, and the block itself need not be looked at.
 */
export function restsThisTick(world: BlocksWorld, cell: number): boolean {
  return (
    chance(world, cell, SALT_GROW) >= GROW_PERCENT &&
    chance(world, cell, SALT_SPREAD) >= SPREAD_PERCENT
  );
}

/** To one of the places where it can. */
function spread(world: BlocksWorld, cell: number): void {
  const places = neighboursOf(world.shape, cell).filter((place) => isPlace(world, place));
  if (places.length === 0) return;
  const bits = randomUint32(world.parameters.seed, world.tick, cell, SALT_WHERE);
  setBlock(world, places[scaleRandom(bits, places.length)] ?? cell, Block.Grass, 0);
}

function hasPlace(world: BlocksWorld, cell: number): boolean {
  for (const neighbour of neighboursOf(world.shape, cell)) {
    if (isPlace(world, neighbour)) return true;
  }
  return false;
}

function isPlace(world: BlocksWorld, cell: number): boolean {
  if (cell === -1 || blockIn(world, cell) !== Block.Dirt) return false;
  return levelIn(world, cell) >= SPREAD_MOISTURE_MIN;
}

/** 0 to 99. */
function chance(world: BlocksWorld, cell: number, salt: number): number {
  return scaleRandom(randomUint32(world.parameters.seed, world.tick, cell, salt), 100);
}

/** Block ids that rules know by name; `block-names.json` has all of them. */
export const Block = {
  Air: 0,
  Stone: 1,
  Grass: 2,
  Water: 3,
  Sand: 4,
  Dirt: 5,
  DeepWater: 6,
  Ore: 7,
  Planks: 8,
  Brick: 9,
  Glass: 10,
  Flower: 100,
  Tree: 101,
  Cactus: 102,
  Chest: 200,
  Door: 201,
  Portal: 1000,
  Spawner: 1001,
} as const;

/** Levels that blocks begin with or end at; what a level means depends on the block. */
export const GRASS_GROWTH_MAX = 5;
/** Growth from which it spreads, and from which animals graze it. */
export const GRASS_RIPE = 3;
export const WATER_LEVEL_MAX = 7;
export const DIRT_MOISTURE_MAX = 10;
/** Of dirt where grass was dug. */
export const DUG_DIRT_MOISTURE = 2;
export const STONE_HARDNESS = 10;
/** The level of a door that stands open. */
export const DOOR_OPEN = 1;

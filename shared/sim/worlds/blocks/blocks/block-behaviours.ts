// How each kind of block behaves: a new one takes a file in `behaviours/` and its line here.

import type { BlocksWorld } from "../world.ts";
import { blockIn, setBlock } from "../write-block.ts";
import { grass } from "./behaviours/grass.ts";
import { rock } from "./behaviours/rock.ts";
import { toppedBy } from "./behaviours/topped.ts";
import { deepWater, water } from "./behaviours/water.ts";
import type { BlockBehaviour, Dug } from "./block-behaviour.ts";
import { Block, DOOR_OPEN } from "./block-ids.ts";

const BEHAVIOURS: ReadonlyMap<number, BlockBehaviour> = new Map([
  [Block.Stone, rock],
  [Block.Ore, rock],
  [Block.Grass, grass],
  [Block.Water, water],
  [Block.DeepWater, deepWater],
  [Block.Tree, toppedBy(Block.Tree)],
  [Block.Cactus, toppedBy(Block.Cactus)],
]);

/** What cannot be dug; water is taken by the bucket. */
const UNBREAKABLE: ReadonlySet<number> = new Set([
  Block.Air,
  Block.Water,
  Block.DeepWater,
  Block.Spawner,
]);

/** Updates the block in a cell, as its kind does. */
export function updateBlock(world: BlocksWorld, cell: number): void {
  BEHAVIOURS.get(blockIn(world, cell))?.update?.(world, cell);
}

/** Puts a block where Air is. */
export function placeBlock(world: BlocksWorld, cell: number, id: number): void {
  const behaviour = BEHAVIOURS.get(id);
  setBlock(world, cell, id, behaviour?.placedLevel ?? 0);
  behaviour?.placed?.(world, cell);
}

/** Level of a block that was just placed. */
export function placedLevelOf(id: number): number {
  return BEHAVIOURS.get(id)?.placedLevel ?? 0;
}

/** One blow at a block that `isBreakable`. */
export function digBlock(world: BlocksWorld, cell: number, strength: number): Dug {
  const drop = blockIn(world, cell);
  const behaviour = BEHAVIOURS.get(drop);
  if (behaviour?.dig !== undefined) return behaviour.dig(world, cell, strength);
  behaviour?.removed?.(world, cell);
  setBlock(world, cell, Block.Air, 0);
  return { broken: true, drop };
}

/** Item that a block is made of and gives back; 0 for what is none, such as water. */
export function itemOfBlock(id: number): number {
  if (id === Block.Grass) return Block.Dirt;
  return id === Block.Water || id === Block.DeepWater ? 0 : id;
}

/** Whether digging does anything to a kind of block. */
export function isBreakable(id: number): boolean {
  return !UNBREAKABLE.has(id);
}

/** Whether one can be where a block stands in the active layer. */
export function isPassable(id: number, level: number): boolean {
  if (id === Block.Door) return level === DOOR_OPEN;
  return id === Block.Air || id === Block.Water || id === Block.DeepWater;
}

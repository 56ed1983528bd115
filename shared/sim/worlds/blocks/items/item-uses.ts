// What items are good for: one that is used on a block says when that is possible and what comes of
// it. A new use takes its line in the table.

import { RejectionReason } from "#proto/frame_pb.ts";
import { dig, whyNotDig } from "../actions/build-break.ts";
import { placeBlock } from "../blocks/block-behaviours.ts";
import { Block, DIRT_MOISTURE_MAX, GRASS_GROWTH_MAX } from "../blocks/block-ids.ts";
import { PICKAXE_STRENGTH, PLAYER_HEALTH_MAX } from "../constants.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn, levelIn, setBlock, setLevel, wakeAround } from "../write-block.ts";
import { Item } from "./items.ts";

/** Water that a bucket holds. */
const BUCKET_LEVELS = 3;
/** Moisture that it gives to dirt. */
const BUCKET_MOISTURE = 2;
const POTION_HEALTH = 40;
const MEAT_HEALTH = 15;

/** A use of an item on a cell, or on oneself where `target` says so. */
export interface ItemUse {
  readonly target: "cell" | "self";
  /** What is left of one item: another, itself for a tool, or 0 when it is used up. */
  readonly leaves: number;
  /** Why it cannot be used there now, or null. `on` is a cell, or the row of who uses it. */
  check(world: BlocksWorld, on: number): RejectionReason | null;
  apply(world: BlocksWorld, on: number): void;
}

/** By item; what is not here has no use. */
export const ITEM_USES: ReadonlyMap<number, ItemUse> = new Map<number, ItemUse>([
  [Item.HealingPotion, healing(POTION_HEALTH)],
  [Item.Meat, healing(MEAT_HEALTH)],
  [Item.Seeds, onBlock(Block.Dirt, (world, cell) => setBlock(world, cell, Block.Grass, 0))],
  [
    Item.Fertiliser,
    onLevel(Block.Grass, { below: GRASS_GROWTH_MAX }, (world, cell) => {
      setLevel(world, cell, levelIn(world, cell) + 1);
      wakeAround(world, cell);
    }),
  ],
  [Item.Bucket, { ...onBlock(Block.Water, drawWater), leaves: Item.WaterBucket }],
  [
    Item.WaterBucket,
    {
      target: "cell",
      leaves: Item.Bucket,
      check(world, cell) {
        const id = blockIn(world, cell);
        if (id === Block.Air) return null;
        if (id !== Block.Dirt) return RejectionReason.INVALID;
        const dry = levelIn(world, cell) < DIRT_MOISTURE_MAX;
        return dry ? null : RejectionReason.UNAVAILABLE;
      },
      apply: pourWater,
    },
  ],
  [
    Item.Pickaxe,
    {
      target: "cell",
      leaves: Item.Pickaxe,
      check: whyNotDig,
      apply: (world, cell) => dig(world, cell, PICKAXE_STRENGTH),
    },
  ],
]);

function healing(strength: number): ItemUse {
  return {
    target: "self",
    leaves: 0,
    check(world, row) {
      const health = world.entities.columns.health[row] ?? 0;
      return health < PLAYER_HEALTH_MAX ? null : RejectionReason.UNAVAILABLE;
    },
    apply(world, row) {
      const { health } = world.entities.columns;
      health[row] = Math.min(PLAYER_HEALTH_MAX, (health[row] ?? 0) + strength);
    },
  };
}

function onBlock(id: number, apply: ItemUse["apply"]): ItemUse {
  const check: ItemUse["check"] = (world, cell) =>
    blockIn(world, cell) === id ? null : RejectionReason.INVALID;
  return { target: "cell", leaves: 0, check, apply };
}

function onLevel(id: number, level: { readonly below: number }, apply: ItemUse["apply"]): ItemUse {
  const use = onBlock(id, apply);
  return {
    ...use,
    check(world, cell) {
      const room = levelIn(world, cell) < level.below;
      return use.check(world, cell) ?? (room ? null : RejectionReason.UNAVAILABLE);
    },
  };
}

function drawWater(world: BlocksWorld, cell: number): void {
  const level = levelIn(world, cell) - BUCKET_LEVELS;
  if (level > 0) {
    setLevel(world, cell, level);
    wakeAround(world, cell);
  } else {
    setBlock(world, cell, Block.Air, 0);
  }
}

function pourWater(world: BlocksWorld, cell: number): void {
  if (blockIn(world, cell) === Block.Air) {
    placeBlock(world, cell, Block.Water);
    setLevel(world, cell, BUCKET_LEVELS);
    return;
  }
  setLevel(world, cell, Math.min(DIRT_MOISTURE_MAX, levelIn(world, cell) + BUCKET_MOISTURE));
  wakeAround(world, cell);
}

import { blockIn, levelIn, setBlock, setLevel } from "../../write-block.ts";
import type { BlockBehaviour } from "../block-behaviour.ts";
import { Block, STONE_HARDNESS } from "../block-ids.ts";

/** Stone and ore: every blow takes its strength from the hardness, at 0 it breaks. */
export const rock: BlockBehaviour = {
  placedLevel: STONE_HARDNESS,

  dig(world, cell, strength) {
    const hardness = levelIn(world, cell) - strength;
    if (hardness > 0) {
      setLevel(world, cell, hardness);
      return { broken: false, drop: 0 };
    }
    const drop = blockIn(world, cell);
    setBlock(world, cell, Block.Air, 0);
    return { broken: true, drop };
  },
};

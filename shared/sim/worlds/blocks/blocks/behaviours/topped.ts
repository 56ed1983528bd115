import { ItemHome } from "../../chunks/item-homes.ts";
import { CHUNK_AREA, CHUNK_CELLS, LAYER_ACTIVE } from "../../constants.ts";
import { chunkOf } from "../../layout.ts";
import { blockIn, homeIn, setBlock, setHome } from "../../write-block.ts";
import type { BlockBehaviour } from "../block-behaviour.ts";
import { Block } from "../block-ids.ts";

/** A tree or cactus: reaches up into the ceiling where that is free, and falls as a whole. */
export function toppedBy(id: number): BlockBehaviour {
  return {
    placed(world, cell) {
      const top = ceilingOver(cell);
      if (top === -1 || blockIn(world, top) !== Block.Air) return;
      setBlock(world, top, id, 0);
      // One item makes one item.
      setHome(world, top, ItemHome.Elsewhere);
    },

    removed(world, cell) {
      const top = ceilingOver(cell);
      if (top === -1 || blockIn(world, top) !== id) return;
      // One that somebody put there stays.
      if (homeIn(world, top) !== ItemHome.Here) setBlock(world, top, Block.Air, 0);
    },
  };
}

/** The cell above one of the active layer, or -1. */
function ceilingOver(cell: number): number {
  const inside = cell - chunkOf(cell) * CHUNK_CELLS;
  return Math.floor(inside / CHUNK_AREA) === LAYER_ACTIVE ? cell + CHUNK_AREA : -1;
}

import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { PICKUP_REACH } from "../constants.ts";
import { hasRoom, putIntoBag, type Stack } from "../entities/bags.ts";
import { despawnEntity } from "../entities/entities.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksWorld } from "../world.ts";
import { bagOf, entityInReach } from "./reach.ts";

/** Take what lies there, all of it or nothing. */
export const pickup: ActionRule<BlocksWorld, { readonly entity: number }> = {
  durable: true,

  check(world, row, { entity }) {
    const found = entityInReach(world, row, { entity, reach: PICKUP_REACH });
    if ("reason" in found) return found.reason;
    const isItem = world.entities.columns.kind[found.target] === BlocksKind.Item;
    if (!isItem) return RejectionReason.INVALID;
    const fits = hasRoom(world, bagOf(world, row), lying(world, found.target));
    return fits ? null : RejectionReason.OCCUPIED;
  },

  apply(world, row, { entity }) {
    const target = rowOf(world.entities, entity);
    const stack = lying(world, target);
    despawnEntity(world, target);
    putIntoBag(world, bagOf(world, row), stack);
  },
};

function lying(world: BlocksWorld, row: number): Stack {
  const { item, count } = world.entities.columns;
  return { item: item[row] ?? 0, count: count[row] ?? 0 };
}

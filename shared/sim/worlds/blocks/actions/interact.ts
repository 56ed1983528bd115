import { RejectionReason } from "#proto/frame_pb.ts";
import type { ActionRule } from "../../../kernel/action-rule.ts";
import { Block } from "../blocks/block-ids.ts";
import { INTERACT_REACH } from "../constants.ts";
import { isPerson } from "../entities/kinds.ts";
import type { BlocksPlace } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn } from "../write-block.ts";
import { chest } from "./interactions/chest.ts";
import { door } from "./interactions/door.ts";
import type { Interaction } from "./interactions/interaction.ts";
import { person } from "./interactions/person.ts";
import { portal } from "./interactions/portal.ts";
import { cellInReach, entityInReach } from "./reach.ts";

interface Interact {
  readonly target:
    | { readonly case: "entity"; readonly value: number }
    | { readonly case: "place"; readonly value: BlocksPlace }
    | { readonly case: undefined; readonly value?: undefined };
  readonly choice: number;
}

/** Blocks that do something when they are used. */
const BLOCKS: ReadonlyMap<number, Interaction> = new Map([
  [Block.Chest, chest],
  [Block.Door, door],
  [Block.Portal, portal],
]);

/** Use a door, a chest, a portal or a person within reach; what happens is their business. */
export const interact: ActionRule<BlocksWorld, Interact> = {
  durable: true,

  check(world, row, value) {
    const found = findTarget(world, row, value);
    if ("reason" in found) return found.reason;
    return found.interaction.check(world, row, { on: found.on, choice: value.choice });
  },

  apply(world, row, value) {
    const found = findTarget(world, row, value);
    if ("reason" in found) return;
    found.interaction.apply(world, row, { on: found.on, choice: value.choice });
  },
};

function findTarget(
  world: BlocksWorld,
  row: number,
  { target }: Interact,
):
  | { readonly interaction: Interaction; readonly on: number }
  | { readonly reason: RejectionReason } {
  const reach = INTERACT_REACH;
  if (target.case === "entity") {
    const found = entityInReach(world, row, { entity: target.value, reach });
    if ("reason" in found) return found;
    const known = isPerson(world.entities.columns.kind[found.target] ?? 0);
    return known ? { interaction: person, on: found.target } : { reason: RejectionReason.INVALID };
  }
  const found = cellInReach(world, row, { place: target.value, reach });
  if ("reason" in found) return found;
  const interaction = BLOCKS.get(blockIn(world, found.cell));
  return interaction === undefined
    ? { reason: RejectionReason.INVALID }
    : { interaction, on: found.cell };
}

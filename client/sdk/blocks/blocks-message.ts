import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type BlocksAction, BlocksActionSchema } from "#proto/blocks_pb.ts";
import type { BlocksDurableAction } from "./blocks-session-types.ts";

/** A durable action as the wire has it. */
export function messageOf(action: BlocksDurableAction): BlocksAction {
  return create(BlocksActionSchema, { action: initOf(action) });
}

type ActionInit = NonNullable<MessageInitShape<typeof BlocksActionSchema>["action"]>;

function initOf(action: BlocksDurableAction): ActionInit {
  switch (action.case) {
    case "interact": {
      const { choice = 0 } = action;
      if ("entity" in action) {
        const target = { case: "entity" as const, value: action.entity };
        return { case: "interact", value: { target, choice } };
      }
      const target = { case: "place" as const, value: action.place };
      return { case: "interact", value: { target, choice } };
    }
    case "useItem": {
      const { slot, place } = action;
      return { case: "useItem", value: place === undefined ? { slot } : { slot, place } };
    }
    case "pickup":
      return { case: "pickup", value: { entity: action.entity } };
    case "drop": {
      const { slot, count = 0, x, y } = action;
      return { case: "drop", value: { slot, count, x, y } };
    }
    case "buildPlace":
      return { case: "buildPlace", value: { place: action.place, slot: action.slot } };
    case "buildBreak":
      return { case: "buildBreak", value: { place: action.place } };
    case "respawn":
      return { case: "respawn", value: {} };
  }
}

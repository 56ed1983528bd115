import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type BlocksAction, BlocksActionSchema, type BlocksControls } from "#proto/blocks_pb.ts";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import type { BlocksDurableAction } from "./blocks-session-types.ts";

/** Something that the player does, at its place in the order of all that it does. */
export interface BlocksCommand {
  readonly sequence: number;
  readonly tick: number;
  readonly command:
    | { readonly case: "controls"; readonly value: Pick<BlocksControls, "dx" | "dy"> }
    | { readonly case: "action"; readonly value: BlocksAction };
  /** Names a durable action. */
  readonly actionId?: Uint8Array;
}

/** An input or an intent, by what the command is. */
export function encodeBlocksCommand(numbered: BlocksCommand): Uint8Array {
  const { sequence, tick, command, actionId = NO_ID } = numbered;
  if (command.case === "controls") {
    const controls = { case: "blocks" as const, value: command.value };
    return encode({ case: "input", value: { sequence, tick, controls } });
  }
  const action = { case: "blocks" as const, value: command.value };
  return encode({ case: "intent", value: { sequence, tick, action, actionId } });
}

const NO_ID = new Uint8Array(0);

/** Asks for cells anew whose hash is not the shard's. */
export function encodeResync(cells: readonly number[]): Uint8Array {
  return encode({ case: "resync", value: { cells: [...cells] } });
}

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

type FrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

function encode(frame: FrameInit): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
}

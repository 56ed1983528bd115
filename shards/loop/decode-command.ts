import { fromBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import {
  CLIENT_COMMAND,
  type ClientCommand,
  createClientCommand,
  readClientCommand,
} from "#shared/net/client-frame-reader.ts";
import type { ArenaAction } from "#shared/sim/index.ts";
import type { PlayerCommand } from "./messages.ts";

const scratch = createClientCommand();

/**
 * Reads the command of a ClientFrame that a gateway has checked. Fields that the schema does not
 * know are left behind: they would go along into the journal.
 */
export function decodeCommand(frame: Uint8Array): PlayerCommand {
  if (readClientCommand(frame, scratch)) return toCommand(scratch);
  const { frame: content } = fromBinary(ClientFrameSchema, frame, { readUnknownFields: false });
  if (content.case === "input" || content.case === "intent") return content.value;
  throw new Error(`cannot read command: the gateway passed on ${content.case ?? "nothing"}`);
}

function toCommand(command: ClientCommand): PlayerCommand {
  const { kind, sequence, tick } = command;
  if (kind === CLIENT_COMMAND.controls) {
    const { dx, dy } = command;
    return { sequence, tick, controls: { case: "arena", value: { dx, dy } } };
  }
  const action = { case: "arena" as const, value: { action: toAction(command) } };
  const actionId = command.hasActionId ? command.actionId.slice() : UNNAMED;
  return { sequence, tick, action, actionId };
}

function toAction({ kind, right, entity }: ClientCommand): ArenaAction["action"] {
  switch (kind) {
    case CLIENT_COMMAND.attack:
      return { case: "attack", value: {} };
    case CLIENT_COMMAND.respawn:
      return { case: "respawn", value: {} };
    case CLIENT_COMMAND.give:
      return { case: "give", value: { entity } };
    default:
      return { case: "face", value: { right } };
  }
}

/** Of an action that is not durable. */
const UNNAMED = new Uint8Array(0);

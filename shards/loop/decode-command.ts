import { fromBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import {
  CLIENT_COMMAND,
  type ClientCommand,
  createClientCommand,
  readClientCommand,
} from "#shared/net/client-frame-reader.ts";
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

function toCommand({ kind, sequence, tick, dx, dy, right }: ClientCommand): PlayerCommand {
  if (kind === CLIENT_COMMAND.controls) {
    return { sequence, tick, controls: { case: "arena", value: { dx, dy } } };
  }
  const action =
    kind === CLIENT_COMMAND.attack
      ? ({ case: "attack", value: {} } as const)
      : ({ case: "face", value: { right } } as const);
  return { sequence, tick, action: { case: "arena", value: { action } }, actionId: UNNAMED };
}

/** Of an action that is not durable. */
const UNNAMED = new Uint8Array(0);

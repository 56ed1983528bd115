// Frames as a gateway reads and writes them, beside the hot path's.
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { type ClientFrame, ClientFrameSchema, ServerFrameSchema } from "#proto/frame_pb.ts";
import { ACTION_ID_BYTES } from "#shared/net/protocol.ts";
import type { ControlMessage } from "../loop/messages.ts";

/** What a client says, as the library reads it. */
export type ClientCase = NonNullable<ClientFrame["frame"]>;
/** What a client is told. */
export type ServerFrameInit = NonNullable<MessageInitShape<typeof ServerFrameSchema>["frame"]>;

/** Reads a ClientFrame; undefined for what is none. */
export function decodeClientFrame(bytes: Uint8Array): ClientCase | undefined {
  try {
    // Fields that the schema does not know would go along into the journal.
    const { frame } = fromBinary(ClientFrameSchema, bytes, { readUnknownFields: false });
    return frame.case === undefined ? undefined : frame;
  } catch {
    return undefined; // Not protobuf: the caller closes the connection and says so.
  }
}

/** The bytes of a ServerFrame. */
export function encodeServerFrame(frame: ServerFrameInit): Uint8Array<ArrayBuffer> {
  return toBinary(ServerFrameSchema, create(ServerFrameSchema, { frame }));
}

/** Whether an intent's id is one, or there is none. */
export function isActionId({ length }: Uint8Array): boolean {
  return length === 0 || length === ACTION_ID_BYTES;
}

/** What a client is told by a control message that does nothing else. */
export function frameOfControl(
  message: Exclude<ControlMessage, { kind: "welcome" | "close" }>,
): ServerFrameInit {
  switch (message.kind) {
    case "reject": {
      const { sequence, reason } = message;
      return { case: "rejection", value: { sequence, reason } };
    }
    case "result": {
      const { reason, tick } = message;
      const actionId = Buffer.from(message.actionId, "hex");
      return { case: "result", value: { actionId, reason, tick } };
    }
    case "notice": {
      const { notice: kind, message: text, tick } = message;
      return { case: "notice", value: { kind, message: text, tick } };
    }
    case "spoken": {
      const { number, reason, message: text, cursor, untilMs, retryAfterMs } = message;
      const times = { untilMs: BigInt(untilMs), retryAfterMs };
      return { case: "chatResult", value: { number, reason, message: text, cursor, ...times } };
    }
  }
}

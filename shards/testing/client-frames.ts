import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ArenaActionSchema } from "#proto/arena_pb.ts";
import { ClientFrameSchema } from "#proto/frame_pb.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import type { ArenaAction } from "#shared/sim/index.ts";
import type { ViewportSize } from "../loop/messages.ts";

/** What a client may send. */
export type ClientFrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

/** What opens the door: a ticket of the server, or the token of an earlier welcome. */
export type Credential = { ticket: string } | { resumeToken: string };

/** A client's frame as the bytes of one message, through protobuf-es. */
export function encodeClientFrame(frame: ClientFrameInit): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
}

/** The first frame of a connection. */
export function helloFrame(
  credential: Credential,
  options: { viewport?: ViewportSize; protocolVersion?: number | undefined } = {},
): ClientFrameInit {
  const { viewport, protocolVersion = PROTOCOL_VERSION } = options;
  const value = {
    protocolVersion,
    credential:
      "ticket" in credential
        ? { case: "ticket" as const, value: credential.ticket }
        : { case: "resumeToken" as const, value: credential.resumeToken },
    ...(viewport && { viewport }),
  };
  return { case: "hello", value };
}

/** When a command is to be applied, and in which order. */
export interface CommandPlace {
  sequence: number;
  /** 0 for the shard's next tick. */
  tick: number;
}

/** An input that moves. */
export function moveFrame(
  place: CommandPlace,
  controls: { dx: number; dy: number },
): ClientFrameInit {
  return { case: "input", value: { ...place, controls: { case: "arena", value: controls } } };
}

/** An intent that is durable when it has an id. */
export function actionFrame(
  place: CommandPlace,
  action: ArenaAction["action"],
  actionId: Uint8Array,
): ClientFrameInit {
  const arena = { case: "arena" as const, value: create(ArenaActionSchema, { action }) };
  return { case: "intent", value: { ...place, action: arena, actionId } };
}

/** An intent that attacks. */
export function attackFrame(place: CommandPlace): ClientFrameInit {
  const value = { action: { case: "attack" as const, value: {} } };
  return { case: "intent", value: { ...place, action: { case: "arena", value } } };
}

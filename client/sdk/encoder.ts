import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  ClientFrameSchema,
  type InputSchema,
  type IntentSchema,
  type ServerFrame,
  ServerFrameSchema,
} from "#proto/frame_pb.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import { WireError } from "#shared/net/wire-reader.ts";
import type { SessionViewport } from "./session-types.ts";

/** What lets a connection in: a ticket from `worlds.join`, or the token of the last welcome. */
export type Credential =
  | { readonly case: "ticket"; readonly value: string }
  | { readonly case: "resumeToken"; readonly value: string };

/** Something that the player does, at its place in the order of all that it does. */
export interface PlayerCommand<Controls, Action> {
  readonly sequence: number;
  readonly tick: number;
  readonly command:
    | { readonly case: "controls"; readonly value: Controls }
    | { readonly case: "action"; readonly value: Action };
  /** Names a durable action. */
  readonly actionId?: Uint8Array;
}

/** How a world's controls and actions stand in the frames of all worlds. */
export interface WireForm<Controls, Action> {
  readonly controls: (value: Controls) => WireControls;
  readonly action: (value: Action) => WireAction;
}

type WireControls = NonNullable<MessageInitShape<typeof InputSchema>["controls"]>;
type WireAction = NonNullable<MessageInitShape<typeof IntentSchema>["action"]>;

/** The first frame of a connection. */
export function encodeHello(credential: Credential, viewport: SessionViewport): Uint8Array {
  const hello = { protocolVersion: PROTOCOL_VERSION, credential, viewport };
  return encode({ case: "hello", value: hello });
}

/** An input or an intent, by what the command is. */
export function encodeCommand<Controls, Action>(
  form: WireForm<Controls, Action>,
  numbered: PlayerCommand<Controls, Action>,
): Uint8Array {
  const { sequence, tick, command, actionId = NO_ID } = numbered;
  if (command.case === "controls") {
    const controls = form.controls(command.value);
    return encode({ case: "input", value: { sequence, tick, controls } });
  }
  const action = form.action(command.value);
  return encode({ case: "intent", value: { sequence, tick, action, actionId } });
}

const NO_ID = new Uint8Array(0);

/** Why a message cannot be sent at all, such as an entity of -1; undefined for all others. */
export function faultOf(schema: DescMessage, message: Message): string | undefined {
  try {
    toBinary(schema, message);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A ping; the shard sends the time back untouched. */
export function encodePing(clientTimeMs: number): Uint8Array {
  return encode({ case: "ping", value: { clientTimeMs } });
}

/** Another size of the window onto the world, in units. */
export function encodeViewport(viewport: SessionViewport): Uint8Array {
  return encode({ case: "viewport", value: viewport });
}

/** Asks for cells anew whose hash is not the shard's. */
export function encodeResync(cells: readonly number[]): Uint8Array {
  return encode({ case: "resync", value: { cells: [...cells] } });
}

/** Something that the player says. */
export function encodeChat(
  said: Readonly<Record<"channel" | "target" | "text", string>> & { readonly number: number },
): Uint8Array {
  return encode({ case: "chat", value: said });
}

/** The last frame of a player who goes. */
export function encodeLeave(): Uint8Array {
  return encode({ case: "leave", value: {} });
}

/** Any frame, unless a world reads its ticks in a way of its own; a `WireError` if it is none. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame {
  try {
    return fromBinary(ServerFrameSchema, bytes);
  } catch (cause) {
    throw new WireError("cannot read frame: it is not protobuf", { cause });
  }
}

type FrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

function encode(frame: FrameInit): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame }));
}

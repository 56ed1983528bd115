// The two frames that players send all the time, read without an object and without an exception.
// Whatever is not exactly of their shape goes to protobuf-es, which decides what it is.
import { ACTION_ID_BYTES } from "./protocol.ts";
import { unzigzag } from "./wire-reader.ts";

/** What a `ClientCommand` is. */
export const CLIENT_COMMAND = { controls: 1, face: 2, attack: 3, respawn: 4, give: 5 } as const;

/** An input or an intent of the arena; one object is filled again and again. */
export interface ClientCommand {
  /** One of `CLIENT_COMMAND`. */
  kind: number;
  sequence: number;
  tick: number;
  /** Of controls; not checked against the axes' range. */
  dx: number;
  dy: number;
  /** Of a face. */
  right: boolean;
  /** Of a gift: whom it is for. */
  entity: number;
  /** Whether the intent has an id; it is in `actionId` then, else that is void. */
  hasActionId: boolean;
  /** Filled again like the rest; copy what is kept. */
  readonly actionId: Uint8Array<ArrayBuffer>;
}

/** A command to be filled. */
export function createClientCommand(): ClientCommand {
  const actionId = new Uint8Array(ACTION_ID_BYTES);
  const id = { hasActionId: false, actionId };
  return { kind: 0, sequence: 0, tick: 0, dx: 0, dy: 0, right: false, entity: 0, ...id };
}

/** Tags of ClientFrame. */
const FRAME_INPUT = 0x12;
const FRAME_INTENT = 0x1a;
/** Tags of Input and of Intent, which alone has an id. */
const SEQUENCE = 0x08;
const TICK = 0x10;
const ARENA = 0x1a;
const ACTION_ID = 0x22;
/** Tags of ArenaControls. */
const DX = 0x08;
const DY = 0x10;
/** Tags of ArenaAction, of ArenaFace and of ArenaGive. */
const FACE = 0x0a;
const ATTACK = 0x12;
const RESPAWN = 0x1a;
const GIVE = 0x22;
const RIGHT = 0x08;
const ENTITY = 0x08;

/** Where the next byte is, and whether something was not as expected. */
let position = 0;
let odd = false;

/**
 * Fills `out` and returns true if the bytes are an input with arena controls or an intent with an
 * arena action, with an id of the right length or none: known fields only, each at most once and in
 * order. False, with `out` undefined in part, for anything else, which protobuf-es is to look at.
 * The bytes may lie in shared memory.
 */
export function readClientCommand(bytes: Uint8Array, out: ClientCommand): boolean {
  const { length } = bytes;
  const tag = bytes[0];
  // Neither gets near 128 bytes, so that lengths are single bytes.
  if (tag !== FRAME_INPUT && tag !== FRAME_INTENT) return false;
  if (length > 0x7f || bytes[1] !== length - 2) return false;
  position = 2;
  odd = false;
  out.sequence = optional(bytes, SEQUENCE, length);
  out.tick = optional(bytes, TICK, length);
  const end = position + 2 + (bytes[position + 1] ?? 0);
  if (bytes[position] !== ARENA || end > length) return false;
  position += 2;
  out.hasActionId = false;
  if (tag === FRAME_INPUT) readControls(bytes, end, out);
  else readAction(bytes, end, out);
  if (odd || position !== end) return false;
  if (tag === FRAME_INTENT && end < length) readActionId(bytes, out);
  return position === length;
}

function readControls(bytes: Uint8Array, end: number, out: ClientCommand): void {
  out.kind = CLIENT_COMMAND.controls;
  out.dx = unzigzag(optional(bytes, DX, end));
  out.dy = unzigzag(optional(bytes, DY, end));
}

function readAction(bytes: Uint8Array, end: number, out: ClientCommand): void {
  const tag = bytes[position];
  const length = bytes[position + 1];
  position += 2;
  if (length !== end - position) odd = true;
  else if (tag === ATTACK) out.kind = CLIENT_COMMAND.attack;
  else if (tag === RESPAWN) out.kind = CLIENT_COMMAND.respawn;
  else if (tag === GIVE) {
    out.kind = CLIENT_COMMAND.give;
    out.entity = optional(bytes, ENTITY, end);
  } else if (tag === FACE) {
    out.kind = CLIENT_COMMAND.face;
    const right = optional(bytes, RIGHT, end);
    out.right = right === 1;
    if (right > 1) odd = true;
  } else odd = true;
}

function readActionId(bytes: Uint8Array, out: ClientCommand): void {
  if (bytes[position] !== ACTION_ID || bytes[position + 1] !== ACTION_ID_BYTES) return;
  const start = position + 2;
  if (start + ACTION_ID_BYTES !== bytes.length) return;
  for (let index = 0; index < ACTION_ID_BYTES; index++) {
    out.actionId[index] = bytes[start + index] ?? 0;
  }
  out.hasActionId = true;
  position = bytes.length;
}

/** The field's varint if it is the next one, else its default. */
function optional(bytes: Uint8Array, tag: number, end: number): number {
  if (position >= end || bytes[position] !== tag) return 0;
  position += 1;
  let value = 0;
  for (let shift = 0; shift < 35 && position < end; shift += 7) {
    const byte = bytes[position++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      // Bits beyond the 32nd are protobuf-es' business.
      if (shift === 28 && byte > 0x0f) odd = true;
      return value >>> 0;
    }
  }
  odd = true;
  return 0;
}

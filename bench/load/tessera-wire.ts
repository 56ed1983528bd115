// The game socket of docs/PROTOCOL.md as a load generator speaks it: frequent frames are read and
// written byte by byte, and only as far as they are looked at; rare ones by protobuf-es.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ClientFrameSchema,
  GoodbyeReason,
  GoodbyeSchema,
  type Welcome,
  WelcomeSchema,
} from "#proto/frame_pb.ts";
import { PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { frameMessage, MASKED, SHORT_HEAD_BYTES } from "./websocket-framing.ts";
import type { Credential, Message, News, Viewport, WelcomeNews, Wire } from "./wire.ts";

/** Tags of ServerFrame: field << 3 | 2. */
const SERVER = { welcome: 0x0a, tick: 0x12, rejection: 0x1a, pong: 0x22, goodbye: 0x2a } as const;
/** Tags of Tick. */
const TICK = { tick: 0x08, ack: 0x12, cells: 0x1a, arenaMoves: 0x32 } as const;
/** Tags of Ack and of ArenaSelf. */
const ACK = { sequence: 0x08, arena: 0x12 } as const;
const SELF = { x: 0x08, y: 0x10, state: 0x28 } as const;
/** Tags of Cell and of ArenaEntity. */
const CELL_ENTITY = 0x22;
const ENTITY = { id: 0x08, pose: 0x20 } as const;
/** ArenaState: up to this one a player goes where its controls say. */
const STATE_MOVING = 2;
const TENTHS = 10;
const DIRECTION_BITS = 0x0f;
/** Of a pose: idle or moving, not attacking or dead. */
const POSE_BUSY = 1 << 6;

/** Speaks frames of version 1 at `/game`. */
export function createTesseraWire(): Wire {
  const cursor = new ByteCursor();
  const input = createInputWriter();
  const ping = createPingTemplate();
  return {
    path: "/game",
    canPing: true,
    hasTicks: true,
    tellsAttacks: true,
    tellsTurns: true,
    hello: encodeHello,
    controls: input,
    attack: (sequence) =>
      encodeFrame({
        case: "intent",
        value: {
          sequence,
          action: { case: "arena", value: { action: { case: "attack", value: {} } } },
        },
      }),
    ping,
    leave: () => encodeFrame({ case: "leave", value: {} }),
    read: (message, watched, news) => readServerFrame(cursor, { message, watched, news }),
  };
}

interface Reading {
  readonly message: Message;
  readonly watched: number;
  readonly news: News;
}

function readServerFrame(cursor: ByteCursor, { message, watched, news }: Reading): void {
  const { bytes, start, end } = message;
  cursor.enter(bytes, start, end);
  const tag = cursor.varint();
  const length = cursor.varint();
  cursor.end = Math.min(end, cursor.at + length);
  switch (tag) {
    case SERVER.tick:
      news.kind = "tick";
      readTick(cursor, watched, news);
      return;
    case SERVER.pong:
      news.kind = "pong";
      news.pingMs = readPingMs(cursor);
      return;
    case SERVER.welcome:
      news.kind = "welcome";
      readWelcome(fromBinary(WelcomeSchema, content(cursor)), news);
      return;
    case SERVER.rejection:
      news.kind = "rejection";
      return;
    case SERVER.goodbye:
      news.kind = "goodbye";
      news.goodbye = GoodbyeReason[fromBinary(GoodbyeSchema, content(cursor)).reason];
      return;
    default:
      news.kind = "other";
  }
}

function readTick(cursor: ByteCursor, watched: number, news: News): void {
  const { end } = cursor;
  news.acked = -1;
  news.x = Number.NaN;
  news.seen = -1;
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === TICK.tick) {
      news.tick = cursor.varint();
    } else if (tag === TICK.ack) {
      const until = cursor.varint() + cursor.at;
      readAck(cursor, until, news);
      cursor.at = until;
    } else if (watched === 0) {
      return; // Fields ascend, and nobody looks at what follows.
    } else if (tag === TICK.cells || tag === TICK.arenaMoves) {
      const until = cursor.varint() + cursor.at;
      if (tag === TICK.cells) findInCell(cursor, until, { watched, news });
      else findInMoves(cursor, until, { watched, news });
      cursor.at = until;
    } else {
      cursor.skip(tag);
    }
  }
}

function readAck(cursor: ByteCursor, until: number, news: News): void {
  news.acked = 0;
  while (cursor.at < until) {
    const tag = cursor.varint();
    if (tag === ACK.sequence) news.acked = cursor.varint();
    else if (tag === ACK.arena) readSelf(cursor, cursor.varint() + cursor.at, news);
    else cursor.skip(tag);
  }
}

function readSelf(cursor: ByteCursor, until: number, news: News): void {
  news.x = 0;
  news.y = 0;
  news.isFree = true;
  while (cursor.at < until) {
    const tag = cursor.varint();
    if (tag === SELF.x) {
      news.x = cursor.varint() / TENTHS;
    } else if (tag === SELF.y) {
      news.y = cursor.varint() / TENTHS;
    } else if (tag === SELF.state) {
      news.isFree = cursor.varint() <= STATE_MOVING;
      cursor.at = until;
    } else {
      cursor.skip(tag);
    }
  }
}

type Search = Pick<Reading, "watched" | "news">;

function findInMoves(cursor: ByteCursor, until: number, { watched, news }: Search): void {
  while (cursor.at < until) {
    const id = cursor.varint();
    cursor.varint();
    cursor.varint();
    const pose = cursor.varint();
    if (id === watched) tell(pose, news);
  }
}

function findInCell(cursor: ByteCursor, until: number, { watched, news }: Search): void {
  while (cursor.at < until) {
    const tag = cursor.varint();
    if (tag !== CELL_ENTITY) {
      cursor.skip(tag);
      continue;
    }
    const end = cursor.varint() + cursor.at;
    let id = 0;
    let pose = 0;
    while (cursor.at < end) {
      const field = cursor.varint();
      if (field === ENTITY.id) id = cursor.varint();
      else if (field === ENTITY.pose) pose = cursor.varint();
      else cursor.skip(field);
    }
    if (id === watched) tell(pose, news);
  }
}

/** Someone who attacks or is dead stands still whatever their controls are: that tells nothing. */
function tell(pose: number, news: News): void {
  if ((pose & POSE_BUSY) === 0) news.seen = pose & DIRECTION_BITS;
}

/** Pong.client_time_ms: tag 0x09 and a double. */
function readPingMs(cursor: ByteCursor): number {
  const { bytes, at } = cursor;
  if (bytes[at] !== 0x09) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset + at + 1, 8).getFloat64(0, true);
}

function readWelcome(welcome: Welcome, news: News): void {
  if (welcome.world.case !== "arena") throw new Error("cannot play: this is not an arena");
  const { width, height, tickRate } = welcome.world.value;
  const told: WelcomeNews = {
    entity: welcome.entityId,
    resumeToken: welcome.resumeToken,
    sequence: welcome.sequence,
    resumed: welcome.resumed,
    frameMs: (welcome.sendIntervalTicks * 1_000) / tickRate,
    frameTicks: welcome.sendIntervalTicks,
    world: { width, height },
  };
  news.x = Number.NaN;
  news.welcome = told;
  news.tick = welcome.tick;
}

function content({ bytes, at, end }: ByteCursor): Uint8Array {
  return bytes.subarray(at, end);
}

type FrameInit = NonNullable<Parameters<typeof create<typeof ClientFrameSchema>>[1]>["frame"];

function encodeFrame(frame: NonNullable<FrameInit>): Uint8Array {
  return frameMessage(toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame })));
}

function encodeHello(credential: Credential, viewport: Viewport): Uint8Array {
  const shown =
    "ticket" in credential
      ? { case: "ticket" as const, value: credential.ticket }
      : { case: "resumeToken" as const, value: credential.resumeToken };
  const value = { protocolVersion: PROTOCOL_VERSION, credential: shown, viewport };
  return encodeFrame({ case: "hello", value });
}

/** Writes ClientFrame.input.arena into the same bytes each time; tick 0 asks for the next one. */
function createInputWriter(): (sequence: number, dx: number, dy: number) => Uint8Array {
  const bytes = frameMessage(new Uint8Array(32));
  // Views cost more to make than all that is written.
  const views = Array.from(bytes, (_, length) => bytes.subarray(0, length));
  const inputAt = SHORT_HEAD_BYTES + 2;
  return (sequence, dx, dy) => {
    let at = inputAt;
    bytes[at++] = 0x08;
    for (let rest = sequence; ; rest >>>= 7) {
      bytes[at++] = rest > 0x7f ? (rest & 0x7f) | 0x80 : rest;
      if (rest <= 0x7f) break;
    }
    bytes[at++] = 0x1a;
    bytes[at++] = (dx === 0 ? 0 : 2) + (dy === 0 ? 0 : 2);
    if (dx !== 0) at = writeSign(bytes, at, { tag: 0x08, sign: dx });
    if (dy !== 0) at = writeSign(bytes, at, { tag: 0x10, sign: dy });
    bytes[1] = MASKED | (at - SHORT_HEAD_BYTES);
    bytes[SHORT_HEAD_BYTES] = 0x12;
    bytes[SHORT_HEAD_BYTES + 1] = at - inputAt;
    return views[at] ?? bytes.subarray(0, at);
  };
}

/** A sint32 field of -1 or 1. */
function writeSign(bytes: Uint8Array, at: number, field: { tag: number; sign: number }): number {
  bytes[at] = field.tag;
  bytes[at + 1] = field.sign < 0 ? 1 : 2;
  return at + 2;
}

function createPingTemplate(): (timeMs: number) => Uint8Array {
  const frame = frameMessage(Uint8Array.from([0x22, 9, 0x09, 0, 0, 0, 0, 0, 0, 0, 0]));
  const view = new DataView(frame.buffer);
  return (timeMs) => {
    view.setFloat64(SHORT_HEAD_BYTES + 3, timeMs, true);
    return frame;
  };
}

// The game socket in a world of blocks, as a load generator speaks it: ticks are read only as far
// as the own player's state, all else by protobuf-es.
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { BlocksActionSchema } from "#proto/blocks_pb.ts";
import {
  ClientFrameSchema,
  GoodbyeReason,
  RejectionReason,
  ServerFrameSchema,
} from "#proto/frame_pb.ts";
import { BLOCKS_UNIT, Block, BlocksKind, CHUNK_SIDE, LAYER_CEILING } from "#shared/sim/index.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { createTesseraWire } from "./tessera-wire.ts";
import { frameMessage } from "./websocket-framing.ts";
import type { Message, News, Place, Wire, WorkWire } from "./wire.ts";

/** ServerFrame.tick; tags of Tick, Ack and BlocksSelf. */
const FRAME_TICK = 0x12;
const TICK = { tick: 0x08, ack: 0x12 } as const;
const ACK = { sequence: 0x08, blocks: 0x1a } as const;
const SELF = { x: 0x08, y: 0x10, health: 0x28 } as const;
/** Units are sixteenths of a block, positions on the wire hundredths. */
const UNITS_PER_HUNDREDTH = 16 / 100;
const CHUNK_UNITS = 256;
const BLOCK_UNITS = CHUNK_UNITS / CHUNK_SIDE;
/** Where a new player has planks. */
const PLANKS_SLOT = 1;
/** An action's id: random for this process, and a number. */
const ACTION_ID_BYTES = 16;

/**
 * Speaks frames of a world of blocks. Its `attack` is an emote, which everybody near is told of.
 * Who sees whose turns is not measured, since a walk may end at a block.
 */
export function createBlocksWire(): Wire {
  const cursor = new ByteCursor();
  const { hello, ping, leave } = createTesseraWire();
  return {
    path: "/game",
    canPing: true,
    hasTicks: true,
    tellsAttacks: true,
    tellsTurns: false,
    hello,
    ping,
    leave,
    controls: (sequence, dx, dy) =>
      encode({
        case: "input",
        value: { sequence, controls: { case: "blocks", value: { dx, dy } } },
      }),
    attack: (sequence) =>
      encode({
        case: "intent",
        value: {
          sequence,
          action: { case: "blocks", value: { action: { case: "emote", value: { emote: 1 } } } },
        },
      }),
    work: createWorkWire(),
    read: (message, _, news) => readServerFrame(cursor, message, news),
  };
}

/** Ceilings are in nobody's way, and where the land has none there is room for one. */
function createWorkWire(): WorkWire {
  const actionId = crypto.getRandomValues(new Uint8Array(ACTION_ID_BYTES));
  const number = new DataView(actionId.buffer);
  let actions = 0;
  const act = (sequence: number, action: ActionInit) => {
    actions += 1;
    number.setUint32(0, actions);
    return encode({
      case: "intent",
      value: { sequence, action: { case: "blocks", value: { action } }, actionId },
    });
  };
  return {
    build: (sequence, place) =>
      act(sequence, {
        case: "buildPlace",
        value: { place: ceilingOf(place), slot: PLANKS_SLOT },
      }),
    dig: (sequence, place) =>
      act(sequence, { case: "buildBreak", value: { place: ceilingOf(place) } }),
    pickUp: (sequence, entity) => act(sequence, { case: "pickup", value: { entity } }),
    findItem,
  };
}

type ActionInit = NonNullable<MessageInitShape<typeof BlocksActionSchema>["action"]>;

function ceilingOf({ x, y }: Place) {
  return {
    x: Math.floor(x / BLOCK_UNITS),
    y: Math.floor(y / BLOCK_UNITS),
    layer: LAYER_CEILING,
  };
}

/** What a broken block leaves lies in the middle of where it was. */
function findItem({ bytes, start, end }: Message, place: Place): number {
  const { frame } = fromBinary(ServerFrameSchema, bytes.subarray(start, end));
  if (frame.case !== "tick") return 0;
  const block = ceilingOf(place);
  const x = (block.x + 0.5) * BLOCKS_UNIT;
  const y = (block.y + 0.5) * BLOCKS_UNIT;
  for (const { blocksEntities } of frame.value.cells) {
    for (const { id, kind, item, ...at } of blocksEntities) {
      const isPlanks = kind === BlocksKind.Item && item === Block.Planks;
      if (isPlanks && at.x === x && at.y === y) return id;
    }
  }
  return 0;
}

type FrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

function encode(frame: FrameInit): Uint8Array {
  return frameMessage(toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame })));
}

function readServerFrame(cursor: ByteCursor, message: Message, news: News): void {
  const { bytes, start, end } = message;
  if (bytes[start] !== FRAME_TICK) {
    readRare(message, news);
    return;
  }
  cursor.enter(bytes, start + 1, end);
  cursor.varint();
  news.kind = "tick";
  news.acked = -1;
  news.x = Number.NaN;
  news.seen = -1;
  while (cursor.at < cursor.end) {
    const tag = cursor.varint();
    if (tag === TICK.tick) news.tick = cursor.varint();
    else if (tag === TICK.ack) readAck(cursor, cursor.varint() + cursor.at, news);
    // Fields ascend, and nobody looks at what follows.
    else return;
  }
}

function readAck(cursor: ByteCursor, until: number, news: News): void {
  news.acked = 0;
  while (cursor.at < until) {
    const tag = cursor.varint();
    if (tag === ACK.sequence) news.acked = cursor.varint();
    else if (tag === ACK.blocks) readSelf(cursor, cursor.varint() + cursor.at, news);
    else cursor.skip(tag);
  }
}

function readSelf(cursor: ByteCursor, until: number, news: News): void {
  news.isFree = false;
  while (cursor.at < until) {
    const tag = cursor.varint();
    if (tag === SELF.x) news.x = cursor.varint() * UNITS_PER_HUNDREDTH;
    else if (tag === SELF.y) news.y = cursor.varint() * UNITS_PER_HUNDREDTH;
    else if (tag === SELF.health) news.isFree = cursor.varint() > 0;
    else cursor.skip(tag);
  }
}

function readRare({ bytes, start, end }: Message, news: News): void {
  const { frame } = fromBinary(ServerFrameSchema, bytes.subarray(start, end));
  news.kind = "other";
  if (frame.case === "pong") {
    news.kind = "pong";
    news.pingMs = frame.value.clientTimeMs;
  } else if (frame.case === "rejection") news.kind = "rejection";
  else if (frame.case === "result") {
    news.kind = "result";
    news.isDone = frame.value.reason === RejectionReason.UNSPECIFIED;
  } else if (frame.case === "goodbye") {
    news.kind = "goodbye";
    news.goodbye = GoodbyeReason[frame.value.reason];
  } else if (frame.case === "welcome") {
    const { entityId, resumeToken, sequence, resumed, sendIntervalTicks, tick, world } =
      frame.value;
    if (world.case !== "blocks") throw new Error("cannot play: this is no world of blocks");
    const { columns, rows, tickRate } = world.value;
    news.kind = "welcome";
    news.x = Number.NaN;
    news.tick = tick;
    news.welcome = {
      entity: entityId,
      resumeToken,
      sequence,
      resumed,
      frameMs: (sendIntervalTicks * 1_000) / tickRate,
      frameTicks: sendIntervalTicks,
      world: { width: columns * CHUNK_UNITS, height: rows * CHUNK_UNITS },
    };
  }
}

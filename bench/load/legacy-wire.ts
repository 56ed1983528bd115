// The ancestor's wire at `/ws`: little-endian, the first byte says what a message is. Nobody is
// told the tick, so frames that were skipped cannot be found; each message counts as a frame.
import { frameMessage, SHORT_HEAD_BYTES } from "./websocket-framing.ts";
import { directionBits, type Message, type News, type WelcomeNews, type Wire } from "./wire.ts";

const CLIENT = { move: 3, attack: 5, viewport: 13 } as const;
const SERVER = {
  gameState: 7,
  ack: 8,
  joined: 11,
  left: 12,
  delta: 14,
  attacked: 253,
  turned: 254,
  moved: 255,
} as const;
/** A player: id u32, x u16, y u16, vx i8, vy i8, flags u8. */
const RECORD_BYTES = 11;
const STATE_BITS = 0x7f;
const STATE_ATTACKING = 2;
/** Of a new arena. */
const WORLD = { width: 2_000, height: 2_000 } as const;

/**
 * Speaks MOVE of 14 bytes, and reads both forms of what comes back. The wire does not tell how
 * large the world is.
 */
export function createLegacyWire(world: WelcomeNews["world"] = WORLD): Wire {
  const move = frameMessage(new Uint8Array(14));
  const moveView = new DataView(move.buffer, SHORT_HEAD_BYTES);
  moveView.setUint8(0, CLIENT.move);
  const attack = frameMessage(Uint8Array.from([CLIENT.attack, 0, 0, 0, 0, 0, 0, 0, 0]));
  return {
    path: "/ws",
    canPing: false,
    hasTicks: false,
    tellsAttacks: false,
    tellsTurns: true,
    hello: (_, { width, height }) => {
      const bytes = new Uint8Array(5);
      const view = new DataView(bytes.buffer);
      view.setUint8(0, CLIENT.viewport);
      view.setUint16(1, width, true);
      view.setUint16(3, height, true);
      return frameMessage(bytes);
    },
    controls(sequence, dx, dy) {
      moveView.setUint8(1, directionBits(dx, dy));
      moveView.setUint32(2, sequence, true);
      return move;
    },
    attack: () => attack,
    ping: () => frameMessage(new Uint8Array(0)),
    leave: () => undefined,
    read: (message, watched, news) => readMessage(message, { watched, news, world }),
  };
}

/** Whom a client looks at, where what a message says goes, and what no message says. */
interface Reading {
  readonly watched: number;
  readonly news: News;
  readonly world: WelcomeNews["world"];
}

function readMessage({ bytes, start, end }: Message, reading: Reading): void {
  const { watched, news } = reading;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  news.kind = "tick";
  news.tick = 0;
  news.acked = -1;
  news.x = Number.NaN;
  news.seen = -1;
  switch (view.byteLength === 0 ? -1 : view.getUint8(0)) {
    case SERVER.ack:
      news.x = view.getUint16(5, true);
      news.y = view.getUint16(7, true);
      news.acked = view.getUint32(9, true);
      return;
    case SERVER.moved:
      if (view.getUint32(1, true) === watched) {
        news.seen = directionBits(view.getInt8(5), view.getInt8(6));
      }
      return;
    case SERVER.delta:
      findInRecords(view, 9, reading);
      return;
    case SERVER.gameState:
      readGameState(view, reading);
      return;
    case SERVER.joined:
    case SERVER.left:
    case SERVER.attacked:
    case SERVER.turned:
      return;
    default:
      news.kind = "other";
  }
}

/** The first list is the welcome: the highest id in it is the client's own. */
function readGameState(view: DataView, reading: Reading): void {
  const { news, world } = reading;
  // 5 bytes before the records in the older form, 9 with a sequence in the later one.
  const start = (view.byteLength - 5) % RECORD_BYTES === 0 ? 5 : 9;
  findInRecords(view, start, reading);
  let own = -1;
  for (let at = start; at + RECORD_BYTES <= view.byteLength; at += RECORD_BYTES) {
    const id = view.getUint32(at, true);
    if (id <= own) continue;
    own = id;
    news.x = view.getUint16(at + 4, true);
    news.y = view.getUint16(at + 6, true);
  }
  news.kind = "welcome";
  news.welcome = {
    entity: own,
    resumeToken: "",
    sequence: 0,
    resumed: false,
    frameMs: 0,
    frameTicks: 1,
    world,
  };
}

function findInRecords(view: DataView, start: number, { watched, news }: Reading): void {
  if (watched === 0) return;
  for (let at = start; at + RECORD_BYTES <= view.byteLength; at += RECORD_BYTES) {
    if (view.getUint32(at, true) !== watched) continue;
    if ((view.getUint8(at + 10) & STATE_BITS) === STATE_ATTACKING) continue;
    news.seen = directionBits(view.getInt8(at + 8), view.getInt8(at + 9));
  }
}

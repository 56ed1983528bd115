// A client that completes Colyseus' handshake, walks, and otherwise only counts what it receives:
// decoding the state of thousands of clients would take the cores that the server needs.
import { frameMessage, MessageReader, upgradeRequest } from "../../load/websocket-framing.ts";
import { MOVE_MESSAGE, ROOM_NAME } from "./arena.ts";

/** Codes of Colyseus' protocol: the low five bits of a message's first byte. */
const CODE_MASK = 0x1f;
const CODE = { joinRoom: 10, roomState: 14, roomDataBytes: 17 } as const;

/** What all counting clients received together. */
export interface Tally {
  frames: number;
  /** Of messages, without the heads of WebSocket frames. */
  bytes: number;
  /** Connections that ended although nobody had asked for it. */
  cuts: number;
}

export interface CountingClient {
  move(pose: number): void;
  leave(): void;
}

/** Takes a seat and sits down; resolves when the full state has come. */
export async function joinCounting(url: string, tally: Tally): Promise<CountingClient> {
  const seat = await reserveSeat(url);
  const { hostname, port } = new URL(url);
  const place = new URL(`/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`, url);
  const joined = Promise.withResolvers<void>();
  let isLeaving = false;
  let sequence = 0;
  const fail = (why: string) => joined.reject(new Error(`cannot join the peer: ${why}`));
  const reader = new MessageReader({
    upgraded() {},
    message(bytes, start, end) {
      tally.frames += 1;
      tally.bytes += end - start;
      const code = (bytes[start] ?? 0) & CODE_MASK;
      // The server sends the state when its welcome has been acknowledged.
      if (code === CODE.joinRoom) socket.write(frameMessage(Uint8Array.of(CODE.joinRoom)));
      else if (code === CODE.roomState) joined.resolve();
    },
    pinged: (pong) => socket.write(pong),
    closing: (code) => fail(`closed with ${code}`),
    broken: fail,
  });
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, chunk) => reader.feed(chunk),
      close() {
        if (!isLeaving) tally.cuts += 1;
        fail("the connection ended");
      },
    },
  });
  socket.write(upgradeRequest(place));
  await joined.promise;
  return {
    move(pose) {
      sequence = (sequence + 1) & 0xffff;
      const words = [CODE.roomDataBytes, MOVE_MESSAGE, pose, sequence & 0xff, sequence >> 8];
      socket.write(frameMessage(Uint8Array.from(words)));
    },
    leave() {
      isLeaving = true;
      socket.end();
    },
  };
}

interface SeatReservation {
  readonly processId: string;
  readonly roomId: string;
  readonly sessionId: string;
}

async function reserveSeat(url: string): Promise<SeatReservation> {
  const answer = await fetch(new URL(`/matchmake/joinOrCreate/${ROOM_NAME}`, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const seat: unknown = await answer.json();
  if (!isSeat(seat)) throw new Error(`cannot take a seat: ${JSON.stringify(seat)}`);
  return seat;
}

function isSeat(value: unknown): value is SeatReservation {
  if (typeof value !== "object" || value === null) return false;
  return "processId" in value && "roomId" in value && "sessionId" in value;
}

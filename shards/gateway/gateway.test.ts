import { describe, expect, test } from "bun:test";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  ClientFrameSchema,
  GoodbyeReason,
  InputSchema,
  ServerFrameSchema,
} from "#proto/frame_pb.ts";
import { CLOSE, PROTOCOL_VERSION } from "#shared/net/protocol.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { decodeCommand } from "../loop/decode-command.ts";
import { emptyRect } from "../loop/interest.ts";
import type { GatewayMessage, PlayerCommand } from "../loop/messages.ts";
import { Publication, SEND_ACK_ALONE } from "../loop/publication.ts";
import { actionFrame } from "../testing/client-frames.ts";
import type { Connection } from "./connection.ts";
import { Gateway } from "./gateway.ts";
import type { SendResult, Socket } from "./socket.ts";

class PaperSocket implements Socket {
  readonly frames: string[] = [];
  goodbye: GoodbyeReason | undefined;
  farewell = "";
  code: number | undefined;
  buffered = 0;
  accepts = true;
  readonly pings: Uint8Array[] = [];

  send(bytes: Uint8Array): SendResult {
    if (!this.accepts) return "dropped";
    const { frame } = fromBinary(ServerFrameSchema, bytes);
    this.frames.push(frame.case ?? "nothing");
    if (frame.case === "goodbye") {
      this.goodbye = frame.value.reason;
      this.farewell = frame.value.message;
    }
    return this.buffered > 0 ? "queued" : "sent";
  }

  ping(payload: Uint8Array): void {
    this.pings.push(payload.slice());
  }

  close(code: number): void {
    this.code = code;
  }

  bufferedBytes(): number {
    return this.buffered;
  }
}

function setUp() {
  const clock = new FakeClock();
  const inbox: GatewayMessage[] = [];
  const commands: PlayerCommand[] = [];
  const count = () => undefined;
  const closedCodes: number[] = [];
  const gateway = new Gateway({
    clock,
    inbox: (message) => inbox.push(message),
    command: (_, frame) => commands.push(decodeCommand(frame)) > 0,
    verifyTicket: async () => ({
      ok: true,
      ticket: { id: "t", playerId: "ann", name: "Ann", expiresMs: 1 },
    }),
    hashToken: (token) => `hash of ${token}`,
    randomUint32: () => 0x9abcdef0,
    messagesPerSecondMax: 60,
    metrics: {
      received: count,
      droppedMessage: count,
      sentFrame: count,
      skippedFrame: count,
      refusedLine: count,
      lostLines: count,
      opened: count,
      gone: count,
      stalled: count,
      closed: (code) => closedCodes.push(code),
      refused: count,
    },
  });
  const socket = new PaperSocket();
  const connection = gateway.open(socket);
  return { clock, inbox, commands, gateway, socket, connection, closedCodes };
}

type FrameInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["frame"]>;

function say(gateway: Gateway, connection: Connection, frame: FrameInit): void {
  gateway.message(connection, toBinary(ClientFrameSchema, create(ClientFrameSchema, { frame })));
}

function sayHello(gateway: Gateway, connection: Connection): void {
  const credential = { case: "resumeToken" as const, value: "token" };
  const hello = { protocolVersion: PROTOCOL_VERSION, credential };
  say(gateway, connection, { case: "hello", value: hello });
}

function enter(gateway: Gateway, connection: Connection): void {
  sayHello(gateway, connection);
  welcome(gateway, connection);
}

function welcome(gateway: Gateway, connection: Connection): void {
  gateway.control({
    kind: "welcome",
    connection: connection.id,
    entity: 1,
    resumeToken: "next",
    sequence: 0,
    tick: 1,
    sendIntervalTicks: 3,
    resumed: true,
    world: { case: undefined },
  });
}

function publish(gateway: Gateway, connection: Connection, reset: boolean): void {
  const publication = new Publication({ columns: 1, rows: 1 });
  publication.reset(5);
  publication.begin(connection.id, reset ? 0 : 1, emptyRect());
  publication.end(emptyRect());
  publication.finish();
  gateway.publish(publication);
}

test("security 4: who says no hello within five seconds is closed with 4002", () => {
  const { clock, gateway, socket } = setUp();
  for (let passed = 0; passed < 4_750; passed += 250) {
    clock.advance(250);
    gateway.sweep();
  }
  clock.advance(249);
  gateway.sweep();
  expect(socket.code).toBeUndefined();
  clock.advance(1);
  gateway.sweep();
  expect(socket.goodbye).toBe(GoodbyeReason.HELLO_TIMEOUT);
  expect(socket.code).toBe(CLOSE.helloTimeout);
});

test("who says hello while the gateway stands still has said it in time", () => {
  const { clock, gateway, socket, inbox, connection } = setUp();
  clock.advance(60_000);
  gateway.sweep();
  clock.advance(250);
  gateway.sweep();
  expect(socket.code).toBeUndefined();
  sayHello(gateway, connection);
  expect(inbox.at(-1)?.kind).toBe("resume");
});

test.each(["before", "after"])(
  "messages of a standstill that are read %s the sweep pass",
  (when) => {
    const { clock, gateway, socket, connection } = setUp();
    enter(gateway, connection);
    clock.advance(8_000);
    if (when === "after") gateway.sweep();
    // At 60 a second.
    for (let count = 0; count < 480; count++) {
      say(gateway, connection, { case: "ping", value: { clientTimeMs: 1 } });
    }
    expect(socket.frames.filter((frame) => frame === "pong")).toHaveLength(480);
  },
);

test("a viewport outside the bounds is brought within them", () => {
  const { gateway, inbox, connection } = setUp();
  enter(gateway, connection);
  say(gateway, connection, { case: "viewport", value: { width: 1_000_000, height: 0 } });
  expect(inbox.at(-1)).toMatchObject({ kind: "viewport", viewport: { width: 1_600, height: 64 } });
});

test("a client that does not read is skipped, then started anew", () => {
  const { gateway, inbox, socket, connection } = setUp();
  enter(gateway, connection);
  publish(gateway, connection, true);
  socket.buffered = 100_000;
  // The first frame that waits is still queued: only its result tells that the client is behind.
  publish(gateway, connection, false);
  publish(gateway, connection, false);
  expect(inbox.at(-1)?.kind).toBe("lostBase");
  expect(socket.frames).toEqual(["welcome", "tick", "tick"]);

  socket.buffered = 0;
  publish(gateway, connection, false);
  expect(socket.frames).toHaveLength(3);
  publish(gateway, connection, true);
  expect(socket.frames).toHaveLength(4);
});

test("a frame that overtakes its welcome is told as lost, so that the next starts anew", () => {
  const { gateway, inbox, socket, connection } = setUp();
  const credential = { case: "resumeToken" as const, value: "token" };
  say(gateway, connection, {
    case: "hello",
    value: { protocolVersion: PROTOCOL_VERSION, credential },
  });
  publish(gateway, connection, true);
  expect(inbox.at(-1)).toEqual({ kind: "lostBase", connection: connection.id });
  expect(socket.frames).toEqual([]);
  welcome(gateway, connection);
  publish(gateway, connection, false);
  expect(socket.frames).toEqual(["welcome"]);
  publish(gateway, connection, true);
  expect(socket.frames).toEqual(["welcome", "tick"]);
});

test("who holds too much unread is asked again once an earlier answer has come", () => {
  const { clock, gateway, socket, connection } = setUp();
  enter(gateway, connection);
  clock.advance(2_000);
  publish(gateway, connection, true);
  const [asked] = socket.pings.splice(0);
  // More than may be unread, sent after the ping: its answer proves none of it.
  connection.liveness.sent(300_000, clock.monotonicMs());
  gateway.ponged(connection, asked ?? new Uint8Array());
  publish(gateway, connection, false);
  const [again] = socket.pings.splice(0);
  expect(again).toBeDefined();
  gateway.ponged(connection, again ?? new Uint8Array());
  publish(gateway, connection, true);
  expect(socket.frames.at(-1)).toBe("tick");
});

describe("a ping behind the frames", () => {
  const ANSWER = Uint8Array.of(0x9a, 0xbc, 0xde, 0xf0);

  /** Plays on for a while, with a frame and a sweep every 100 ms. */
  function playOn(parts: ReturnType<typeof setUp>, milliseconds: number, answers: boolean): void {
    const { clock, gateway, socket, connection } = parts;
    for (let passed = 0; passed < milliseconds; passed += 100) {
      clock.advance(100);
      publish(gateway, connection, false);
      gateway.sweep();
      for (const payload of answers ? socket.pings.splice(0) : []) {
        gateway.ponged(connection, payload);
      }
    }
  }

  test("is answered by a client that reads, for hours", () => {
    const parts = setUp();
    enter(parts.gateway, parts.connection);
    publish(parts.gateway, parts.connection, true);
    playOn(parts, 60_000, true);
    expect(parts.socket.code).toBeUndefined();
  });

  test("is not answered by one that does not read, which is cut within 5 s", () => {
    const parts = setUp();
    const { gateway, inbox, socket, connection, closedCodes } = parts;
    enter(gateway, connection);
    publish(gateway, connection, true);
    playOn(parts, 1_700, false);
    expect(socket.pings).toEqual([]);
    playOn(parts, 2_400, false);
    expect(socket.pings).toEqual([ANSWER]);
    expect(socket.code).toBeUndefined();
    playOn(parts, 300, false);
    expect(socket.code).toBe(CLOSE.tooSlow);
    expect(closedCodes).toEqual([CLOSE.tooSlow]);
    expect(inbox.at(-1)?.kind).toBe("lost");
  });

  test("cannot be answered by one that has not read it", () => {
    const parts = setUp();
    const { gateway, socket, connection } = parts;
    enter(gateway, connection);
    for (const guess of [[], [0, 0, 0, 0], [0x9a, 0xbc, 0xde], [0x9a, 0xbc, 0xde, 0xf1]]) {
      playOn(parts, 1_100, false);
      gateway.ponged(connection, Uint8Array.from(guess));
    }
    expect(socket.code).toBe(CLOSE.tooSlow);
  });

  test("may be answered late when it was the gateway that stood still", () => {
    const parts = setUp();
    const { clock, gateway, socket, connection } = parts;
    enter(gateway, connection);
    playOn(parts, 1_900, false);
    clock.advance(60_000);
    // The client may have stood still as well, and needs a while.
    playOn(parts, 2_000, false);
    expect(socket.code).toBeUndefined();
    gateway.ponged(connection, ANSWER);
    playOn(parts, 1_000, false);
    expect(socket.code).toBeUndefined();
  });

  const PHASES: [string, (parts: ReturnType<typeof setUp>) => void, boolean][] = [
    ["never said hello", () => undefined, false],
    ["is being let in", ({ gateway, connection }) => sayHello(gateway, connection), false],
    ["plays", ({ gateway, connection }) => enter(gateway, connection), true],
    [
      "plays while no frames go out",
      ({ gateway, connection }) => enter(gateway, connection),
      false,
    ],
  ];
  test.each(PHASES)("a dead socket is closed within 30 s: one that %s", (_, begin, hasFrames) => {
    const parts = setUp();
    const { clock, gateway, connection, socket, inbox } = parts;
    begin(parts);
    const wasIn = connection.phase !== "hello";
    for (let passed = 0; passed < 30_000 && socket.code === undefined; passed += 250) {
      clock.advance(250);
      if (hasFrames) publish(gateway, connection, false);
      gateway.sweep();
    }
    expect(socket.code).toBe(wasIn ? CLOSE.tooSlow : CLOSE.helloTimeout);
    expect(inbox.at(-1)?.kind).toBe(wasIn ? "lost" : undefined);
  });

  test("is asked for by itself while no frames go out, and answered for hours", () => {
    const { clock, gateway, connection, socket } = setUp();
    enter(gateway, connection);
    let pings = 0;
    for (let passed = 0; passed < 3_600_000; passed += 250) {
      clock.advance(250);
      gateway.sweep();
      for (const payload of socket.pings.splice(0)) {
        pings += 1;
        gateway.ponged(connection, payload);
      }
    }
    expect(socket.code).toBeUndefined();
    expect(pings).toBe(720);
  });

  test("comes early behind much; at 192 KiB without an answer the rest waits", () => {
    const { gateway, inbox, socket, connection } = setUp();
    enter(gateway, connection);
    connection.liveness.sent(64 * 1_024, 0);
    publish(gateway, connection, false);
    expect(socket.pings).toEqual([ANSWER]);
    connection.liveness.sent(130 * 1_024, 0);
    publish(gateway, connection, false);
    expect(inbox.at(-1)?.kind).toBe("lostBase");
    expect(socket.frames).toEqual(["welcome", "tick"]);
    gateway.ponged(connection, ANSWER);
    publish(gateway, connection, false);
    expect(socket.frames).toHaveLength(2);
    publish(gateway, connection, true);
    expect(socket.frames).toHaveLength(3);
  });
});

test.each(["pinged", "ponged"] as const)("a flood of being %s is a flood", (how) => {
  const { gateway, socket, connection } = setUp();
  enter(gateway, connection);
  for (let count = 0; count < 299; count++) gateway[how](connection, new Uint8Array(0));
  expect(socket.code).toBeUndefined();
  gateway[how](connection, new Uint8Array(0));
  expect(socket.code).toBe(CLOSE.flood);
});

test("a client that reads slowly is sent to less often, until it has caught up", () => {
  const { gateway, inbox, socket, connection } = setUp();
  enter(gateway, connection);
  const levels = () => inbox.flatMap((message) => (message.kind === "congestion" ? message : []));
  for (const buffered of [10_000, 10_000, 20_000, 20_000, 100, 100, 0]) {
    socket.buffered = buffered;
    publish(gateway, connection, false);
  }
  expect(levels().map(({ level }) => level)).toEqual([1, 2, 0]);
});

test("a publication is sent in parts when time is short, each frame once", () => {
  const { clock, gateway, socket, connection } = setUp();
  enter(gateway, connection);
  const publication = new Publication({ columns: 1, rows: 1 });
  publication.reset(5);
  for (let index = 0; index < 40; index++) {
    publication.begin(connection.id, 1, emptyRect());
    publication.end(emptyRect());
  }
  publication.finish();
  const first = gateway.sendFrames(publication, 0, clock.monotonicMs());
  expect(first).toBeLessThan(40);
  expect(gateway.sendFrames(publication, first, Number.POSITIVE_INFINITY)).toBe(40);
  expect(socket.frames.filter((frame) => frame === "tick")).toHaveLength(40);
});

test("an ack between frames goes to sockets that take it, as long as they keep up", () => {
  const { gateway, inbox, socket, connection } = setUp();
  enter(gateway, connection);
  const acks: number[][] = [];
  const acknowledge = () => {
    const publication = new Publication({ columns: 1, rows: 1 });
    publication.reset(5);
    publication.begin(connection.id, SEND_ACK_ALONE, emptyRect());
    publication.writer.uint32(1, 7);
    publication.end(emptyRect());
    publication.finish();
    gateway.publish(publication);
  };
  acknowledge();
  expect(socket.frames).toEqual(["welcome"]);
  let result: SendResult = "sent";
  Object.assign(socket, {
    acknowledge(ack: Uint8Array) {
      acks.push([...ack]);
      return result;
    },
  });
  result = "queued";
  acknowledge();
  acknowledge();
  expect(acks).toEqual([[8, 7]]);
  publish(gateway, connection, false);
  result = "dropped";
  acknowledge();
  expect(inbox.at(-1)?.kind).toBe("lostBase");
  expect(acks).toHaveLength(2);
});

test("a frame that the runtime dropped counts as lost", () => {
  const { gateway, inbox, socket, connection } = setUp();
  enter(gateway, connection);
  socket.accepts = false;
  publish(gateway, connection, false);
  expect(inbox.at(-1)?.kind).toBe("lostBase");
});

test("a connection that ends while its ticket is checked never joins", async () => {
  const { gateway, inbox, connection } = setUp();
  const credential = { case: "ticket" as const, value: "ticket" };
  const hello = { protocolVersion: PROTOCOL_VERSION, credential };
  say(gateway, connection, { case: "hello", value: hello });
  gateway.closed(connection);
  await Promise.resolve();
  await Promise.resolve();
  expect(inbox.map(({ kind }) => kind)).toEqual(["lost"]);
});

test.each([1, 15, 17, 64])(
  "an action id of %d bytes closes, and the goodbye names it",
  (length) => {
    const { gateway, commands, socket, connection } = setUp();
    enter(gateway, connection);
    const respawn = { case: "respawn" as const, value: {} };
    const id = new Uint8Array(length).fill(7);
    say(gateway, connection, actionFrame({ sequence: 1, tick: 0 }, respawn, id.slice(0, 16)));
    expect(commands).toHaveLength(length < 16 ? 0 : 1);
    say(gateway, connection, actionFrame({ sequence: 2, tick: 0 }, respawn, id));
    expect(commands).toHaveLength(length < 16 ? 0 : 1);
    expect(socket.goodbye).toBe(GoodbyeReason.MALFORMED);
    expect(socket.farewell).toBe(
      "cannot read intent: action_id has not 16 bytes; make it of so many",
    );
    expect(socket.code).toBe(CLOSE.undecodable);
  },
);

test("fields that no schema knows do not reach the loop, let alone the journal", () => {
  const { gateway, commands, connection } = setUp();
  enter(gateway, connection);
  const controls = { case: "arena" as const, value: { dx: 1, dy: 0 } };
  const known = toBinary(InputSchema, create(InputSchema, { sequence: 1, controls }));
  // Field 100, 200 bytes: 0xa2 0x06 0xc8 0x01; the whole is ClientFrame.input, field 2.
  const length = known.length + 204;
  const head = [0x12, (length & 0x7f) | 0x80, length >> 7];
  gateway.message(
    connection,
    Uint8Array.from([...head, ...known, 0xa2, 0x06, 0xc8, 0x01, ...new Uint8Array(200)]),
  );
  expect(commands).toEqual([fromBinary(InputSchema, known)]);
});

test("a pong after an hour's standstill is sent all the same", () => {
  const { clock, gateway, socket, connection } = setUp();
  enter(gateway, connection);
  gateway.ticked(1, clock.monotonicMs());
  clock.advance(2 * 3_600 * 1_000);
  say(gateway, connection, { case: "ping", value: { clientTimeMs: 1 } });
  expect(socket.frames.at(-1)).toBe("pong");
});

test("at the stop everyone is told, also who has not entered yet or comes too late", () => {
  const { gateway, socket, connection } = setUp();
  enter(gateway, connection);
  const waiting = new PaperSocket();
  gateway.open(waiting);
  gateway.stop();
  const late = new PaperSocket();
  gateway.open(late);
  for (const each of [socket, waiting, late]) {
    expect([each.goodbye, each.code]).toEqual([GoodbyeReason.STOPPING, CLOSE.stopping]);
  }
});

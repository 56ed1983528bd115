// The door of a shard as a stranger meets it: plain TCP, and whatever bytes one likes.
import { expect, test } from "bun:test";
import { fromBinary } from "@bufbuild/protobuf";
import { type ServerFrame, ServerFrameSchema } from "#proto/frame_pb.ts";
import {
  type ClientFrameInit,
  encodeClientFrame,
  helloFrame,
  moveFrame,
} from "../testing/client-frames.ts";
import { ShardFixture } from "../testing/shard-fixture.ts";

interface Stranger {
  write(data: string | Uint8Array): void;
  /** All that came, once it holds `text`. */
  heard(text: string): Promise<string>;
  /** The same, once it is accepted. */
  heardAll(accept: (received: string) => boolean): Promise<string>;
  /** The shard has closed. */
  readonly closed: Promise<void>;
}

/** Connects without a word. */
async function connect(shard: ShardFixture): Promise<Stranger> {
  const { hostname, port } = new URL(shard.address);
  const closed = Promise.withResolvers<void>();
  let received = "";
  let hear: () => unknown = () => {};
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, bytes) => {
        received += bytes.toString("latin1");
        hear();
      },
      end: () => closed.resolve(),
      close: () => closed.resolve(),
    },
  });
  const heardAll = (accept: (received: string) => boolean) =>
    new Promise<string>((resolve) => {
      hear = () => accept(received) && resolve(received);
      hear();
    });
  return {
    write: (data) => void socket.write(data),
    heard: (text) => heardAll((all) => all.includes(text)),
    heardAll,
    closed: closed.promise,
  };
}

function upgradeRequest(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: shard.test",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    "",
    "",
  ].join("\r\n");
}

test.each(["/game", "/ws"])("security 4: %s never agrees to compression", async (path) => {
  await using shard = await ShardFixture.start({ legacyForm: "events" });
  const stranger = await connect(shard);
  stranger.write(upgradeRequest(path));
  const answer = (await stranger.heard("\r\n\r\n")).toLowerCase();
  expect(answer).toStartWith("http/1.1 101 ");
  expect(answer).not.toContain("sec-websocket-extensions");
});

test("faults 4 and 5: frames reach the world, two in one write and one in two", async () => {
  await using shard = await ShardFixture.start();
  const stranger = await connect(shard);
  stranger.write(upgradeRequest("/game"));
  await stranger.heard("\r\n\r\n");
  const [hello, ...moves] = [
    helloFrame({ ticket: await shard.ticket("ann") }),
    moveFrame({ sequence: 1, tick: 0 }, { dx: 1, dy: 0 }),
    moveFrame({ sequence: 2, tick: 0 }, { dx: 0, dy: 1 }),
  ].map(clientMessage);
  const pings = [1, 2, 3].map((clientTimeMs) =>
    clientMessage({ case: "ping", value: { clientTimeMs } }),
  );
  if (hello !== undefined) stranger.write(hello);
  await stranger.heardAll((all) => framesOf(all).some((frame) => frame.case === "welcome"));
  const bytes = Buffer.concat([...pings.slice(0, 2), ...moves, ...pings.slice(2)]);
  stranger.write(bytes.subarray(0, bytes.length - 3));
  await stranger.heardAll((all) => pongsOf(all).length === 2);
  stranger.write(bytes.subarray(bytes.length - 3));
  const all = await stranger.heardAll(
    (received) => pongsOf(received).length === 3 && selvesOf(received).length > 0,
  );
  expect(pongsOf(all)).toEqual([1, 2, 3]);
  expect(selvesOf(all)[0]).toMatchObject({ controls: { dx: 0, dy: 1 } });
}, 30_000);

/** A frame as one masked WebSocket message; the mask is 0. */
function clientMessage(frame: ClientFrameInit): Uint8Array {
  const payload = encodeClientFrame(frame);
  const head =
    payload.length < 126
      ? [0x82, 0x80 | payload.length]
      : [0x82, 0xfe, payload.length >> 8, payload.length & 0xff];
  return Uint8Array.from([...head, 0, 0, 0, 0, ...payload]);
}

/** What a shard has said since it agreed to speak WebSocket. */
function framesOf(received: string): ServerFrame["frame"][] {
  const bytes = Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1");
  const frames: ServerFrame["frame"][] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const short = bytes[at + 1] ?? 0;
    const start = at + (short < 126 ? 2 : 4);
    const end = start + (short < 126 ? short : bytes.readUInt16BE(at + 2));
    if (end > bytes.length) break;
    if (bytes[at] === 0x82)
      frames.push(fromBinary(ServerFrameSchema, bytes.subarray(start, end)).frame);
    at = end;
  }
  return frames;
}

function pongsOf(received: string): number[] {
  return framesOf(received).flatMap((frame) =>
    frame.case === "pong" ? [frame.value.clientTimeMs] : [],
  );
}

/** The player's own state, as of ticks in which the second move was done. */
function selvesOf(received: string): unknown[] {
  return framesOf(received).flatMap((frame) =>
    frame.case === "tick" && frame.value.ack?.sequence === 2 ? [frame.value.ack.self.value] : [],
  );
}

// Bun itself cuts them; it looks every 4 s, so this takes one about 8 to 12.
test("security 4: a head that never ends is cut, though it comes in pieces", async () => {
  await using shard = await ShardFixture.start();
  const [silent, half, second, dribble] = await Promise.all(
    Array.from({ length: 4 }, () => connect(shard)),
  );
  half?.write(upgradeRequest("/game").slice(0, 60));
  second?.write("GET /health HTTP/1.1\r\nHost: shard.test\r\n\r\n");
  await second?.heard("serving");
  second?.write("GET /health HTTP/1.1\r\nHost:");
  dribble?.write("GET /health HTTP/1.1\r\nX-Slow: ");
  const timer = setInterval(() => dribble?.write("a"), 500);
  try {
    await Promise.all([silent, half, second, dribble].map((stranger) => stranger?.closed));
  } finally {
    clearInterval(timer);
  }
}, 30_000);

import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  closeFrame,
  frameMessage,
  MESSAGE_BYTES_MAX,
  MessageReader,
  type MessageSink,
  upgradeRequest,
} from "./websocket-framing.ts";

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

/** Writes down what a reader tells. */
class Notes implements MessageSink {
  readonly lines: string[] = [];
  readonly messages: Uint8Array[] = [];
  upgraded = () => void this.lines.push("upgraded");
  message = (data: Uint8Array, start: number, end: number) => {
    this.messages.push(data.slice(start, end));
    this.lines.push(`message of ${end - start}`);
  };
  pinged = (pong: Uint8Array) => void this.lines.push(`pong ${Buffer.from(pong).toString("hex")}`);
  closing = (code: number) => void this.lines.push(`closing ${code}`);
  broken = (why: string) => void this.lines.push(`broken: ${why}`);
}

/** A frame as a server sends it, without a mask. */
function serverFrame(payload: Uint8Array, first = 0x82): Uint8Array {
  const { length } = payload;
  if (length < 126) return Uint8Array.of(first, length, ...payload);
  if (length <= 0xffff) return Uint8Array.of(first, 126, length >> 8, length & 0xff, ...payload);
  const head = new Uint8Array(10);
  head.set([first, 127]);
  new DataView(head.buffer).setBigUint64(2, BigInt(length));
  return Buffer.concat([head, payload]);
}

/** What a server that agrees answers to our request. */
function agreement(): Uint8Array {
  const request = new TextDecoder().decode(upgradeRequest(new URL("ws://127.0.0.1:1/game")));
  const key = /Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? "";
  expect(Buffer.from(key, "base64").length).toBe(16);
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return text(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

const CONVERSATION = Buffer.concat([
  agreement(),
  serverFrame(bytes(0)),
  serverFrame(bytes(5)),
  serverFrame(text("hi"), 0x89),
  serverFrame(bytes(300)),
  serverFrame(bytes(3), 0x02),
  serverFrame(bytes(0), 0x8a),
  serverFrame(bytes(4), 0x00),
  serverFrame(bytes(2), 0x80),
  serverFrame(Uint8Array.of(0x0f, 0xa3, 0x6f), 0x88),
]);
const HEARD = [
  "upgraded",
  "message of 0",
  "message of 5",
  "pong 8a82000000006869",
  "message of 300",
  "message of 9",
  "closing 4003",
];

test("a conversation split at any byte is heard as one", () => {
  for (let cut = 0; cut <= CONVERSATION.length; cut++) {
    const notes = new Notes();
    const reader = new MessageReader(notes);
    reader.feed(CONVERSATION.subarray(0, cut));
    reader.feed(CONVERSATION.subarray(cut));
    expect(notes.lines).toEqual(HEARD);
    expect(notes.messages[2]).toEqual(bytes(300));
    expect(notes.messages[3]).toEqual(Uint8Array.of(0, 1, 2, 0, 1, 2, 3, 0, 1));
  }
});

test("a conversation that comes byte by byte is heard as one", () => {
  const notes = new Notes();
  const reader = new MessageReader(notes);
  for (const byte of CONVERSATION) reader.feed(Uint8Array.of(byte));
  expect(notes.lines).toEqual(HEARD);
});

test("a message beyond 65,535 bytes comes whole", () => {
  const notes = new Notes();
  const reader = new MessageReader(notes);
  const big = bytes(70_000);
  const stream = Buffer.concat([agreement(), serverFrame(big)]);
  for (let at = 0; at < stream.length; at += 9_999) reader.feed(stream.subarray(at, at + 9_999));
  expect(notes.messages).toEqual([big]);
});

test.each([
  ["another answer", text("HTTP/1.1 429 Too Many Requests\r\n\r\n"), "answers 429 instead"],
  ["no HTTP", text("hello\r\n\r\n"), "answers no HTTP instead"],
  [
    "a foreign accept header",
    text("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"),
    "accept header does not fit",
  ],
  [
    "an endless head",
    text("HTTP/1.1 101 ".padEnd(9_000, "x")),
    "answer to the upgrade is too long",
  ],
  ["a masked frame", [agreement(), Uint8Array.of(0x82, 0x81, 0, 0, 0, 0, 1)], "is masked"],
  ["compression", [agreement(), serverFrame(bytes(1), 0xc2)], "uses an extension"],
  ["text", [agreement(), serverFrame(bytes(1), 0x81)], "is text"],
  ["a stray continuation", [agreement(), serverFrame(bytes(1), 0x80)], "continues nothing"],
  [
    "a message that is too long",
    [agreement(), Uint8Array.of(0x82, 127, 0, 0, 0, 0, 0xff, 0, 0, 0)],
    "too long",
  ],
])("%s ends the connection", (_, input, why) => {
  const notes = new Notes();
  const reader = new MessageReader(notes);
  reader.feed(Array.isArray(input) ? Buffer.concat(input) : input);
  reader.feed(serverFrame(bytes(1)));
  expect(notes.lines.at(-1)).toContain(`broken: `);
  expect(notes.lines.at(-1)).toContain(why);
  expect(notes.messages).toEqual([]);
});

test("fragments are bounded together", () => {
  const notes = new Notes();
  const reader = new MessageReader(notes);
  const half = new Uint8Array(MESSAGE_BYTES_MAX / 2 + 1);
  reader.feed(Buffer.concat([agreement(), serverFrame(half, 0x02), serverFrame(half, 0x00)]));
  expect(notes.lines.at(-1)).toContain("makes a message too long");
});

test("frames of the client carry a mask that changes nothing", () => {
  const short = frameMessage(bytes(3));
  expect([...short]).toEqual([0x82, 0x83, 0, 0, 0, 0, 0, 1, 2]);
  expect([...frameMessage(bytes(126)).subarray(0, 8)]).toEqual([0x82, 0xfe, 0, 126, 0, 0, 0, 0]);
  expect([...closeFrame()]).toEqual([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);
  expect(() => frameMessage(bytes(65_536))).toThrow("beyond 65,535 bytes");
});

import { expect, test } from "bun:test";
import { allocateRing, ByteRing } from "./byte-ring.ts";
import { ChannelReader, ChannelWriter } from "./channel.ts";

interface Note {
  text: string;
}

function setUp() {
  const memory = allocateRing(128);
  const writer = new ChannelWriter<Note>(new ByteRing(memory));
  const reader = new ChannelReader<Note>(new ByteRing(memory));
  const take = () => {
    const taken: string[] = [];
    reader.drain({
      message: ({ text }) => taken.push(text),
      bytes: (connection, bytes) => taken.push(`${connection}: ${[...bytes].join(" ")}`),
    });
    return taken;
  };
  return { writer, take };
}

test("messages and bytes arrive in the order in which they were written", () => {
  const { writer, take } = setUp();
  writer.send(1, { text: "héllo" });
  expect(writer.sendBytes(2, Uint8Array.of(1, 2))).toBe(true);
  writer.send(1, { text: "end" });
  expect(take()).toEqual(["héllo", "2: 1 2", "end"]);
});

test("at the bound bytes are refused and messages wait, in order", () => {
  const { writer, take } = setUp();
  const texts = Array.from({ length: 10 }, (_, index) => `message number ${index}`);
  for (const text of texts) writer.send(1, { text });
  expect(writer.sendBytes(2, Uint8Array.of(1))).toBe(false);
  const arrived: string[] = [];
  for (let round = 0; round < 10; round++) {
    arrived.push(...take());
    writer.flush();
  }
  expect(arrived).toEqual(texts);
  expect(writer.sendBytes(2, Uint8Array.of(1))).toBe(true);
});

import { expect, test } from "bun:test";
import { createLegacyWire } from "./legacy-wire.ts";
import { createNews, directionBits } from "./wire.ts";

const wire = createLegacyWire();

function read(bytes: readonly number[], watched = 0) {
  const news = createNews();
  wire.read(
    { bytes: Uint8Array.from([9, ...bytes]), start: 1, end: 1 + bytes.length },
    watched,
    news,
  );
  return news;
}

const u16 = (value: number) => [value & 0xff, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
/** A player's record; flags 1 is moving, 2 attacking, 128 facing right. */
const record = (
  id: number,
  [x, y]: [number, number],
  [vx, vy, flags]: [number, number, number],
) => [...u32(id), ...u16(x), ...u16(y), vx & 0xff, vy & 0xff, flags];

const RECORDS = [
  ...record(70_001, [500, 600], [1, 0, 129]),
  ...record(9, [1_999, 3], [-1, 1, 1]),
  ...record(10, [5, 5], [0, 0, 2]),
];

test.each([
  ["older", [7, ...u32(3), ...RECORDS]],
  ["later", [7, ...u32(44), ...u32(3), ...RECORDS]],
])("the first full state of the %s form tells who one is, and where", (_, bytes) => {
  const news = read(bytes);
  expect(news).toMatchObject({ kind: "welcome", x: 500, y: 600 });
  expect(news.welcome).toMatchObject({ entity: 70_001, sequence: 0, resumed: false });
});

test("an ack tells sequence and place", () => {
  const news = read([8, ...u32(7), ...u16(300), ...u16(400), ...u32(100_000)]);
  expect(news).toMatchObject({ kind: "tick", acked: 100_000, x: 300, y: 400 });
});

test("turns of the watched one are seen, in both forms", () => {
  expect(read([255, ...u32(9), 0xff, 1], 9).seen).toBe(directionBits(-1, 1));
  expect(read([255, ...u32(9), 0xff, 1], 8).seen).toBe(-1);
  const delta = [14, ...u32(1), ...u32(3), ...RECORDS];
  expect(read(delta, 9).seen).toBe(directionBits(-1, 1));
  expect(read(delta, 10).seen).toBe(-1); // Attacking: its velocity says nothing.
});

test("joins and leaves are frames, what is not known is not", () => {
  expect(read([12, ...u32(3)]).kind).toBe("tick");
  expect(read([99]).kind).toBe("other");
  expect(read([]).kind).toBe("other");
});

test("what it writes is what the ancestor's clients wrote", () => {
  expect([...wire.controls(0x01020304, 1, -1).subarray(6)]).toEqual([
    3,
    2,
    ...u32(0x01020304),
    ...u32(0),
    ...u32(0),
  ]);
  const viewport = { width: 800, height: 600 };
  expect([...wire.hello({ ticket: "" }, viewport).subarray(6)]).toEqual([
    13,
    ...u16(800),
    ...u16(600),
  ]);
  expect(wire.attack(1).subarray(6)[0]).toBe(5);
  expect(wire.leave()).toBeUndefined();
});

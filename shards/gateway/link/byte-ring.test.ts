import { expect, test } from "bun:test";
import fc from "fast-check";
import { allocateRing, ByteRing } from "./byte-ring.ts";

function setUp(capacityBytes = 64) {
  const memory = allocateRing(capacityBytes);
  return { writer: new ByteRing(memory), reader: new ByteRing(memory) };
}

function takeAll(ring: ByteRing): [kind: number, connection: number, payload: number[]][] {
  const records: [number, number, number[]][] = [];
  ring.drain((kind, connection, payload) => records.push([kind, connection, [...payload]]));
  return records;
}

test("records come out as they went in", () => {
  const { writer, reader } = setUp();
  expect(writer.write(1, 4_000_000_000, Uint8Array.of(7, 8, 9))).toBe(true);
  expect(writer.write(2, 5, new Uint8Array())).toBe(true);
  expect(takeAll(reader)).toEqual([
    [1, 4_000_000_000, [7, 8, 9]],
    [2, 5, []],
  ]);
  expect(takeAll(reader)).toEqual([]);
});

test("a full ring refuses, and takes more once it was drained", () => {
  const { writer, reader } = setUp(64);
  const payload = new Uint8Array(20);
  expect([writer.write(1, 1, payload), writer.write(1, 2, payload)]).toEqual([true, true]);
  expect(writer.write(1, 3, payload)).toBe(false);
  expect(takeAll(reader)).toHaveLength(2);
  expect(writer.write(1, 3, payload)).toBe(true);
});

test("a record larger than the ring is refused for good", () => {
  const { writer } = setUp(64);
  expect(writer.write(1, 1, new Uint8Array(64))).toBe(false);
});

test("any records in any order of writes and drains arrive once and in order", () => {
  const operation = fc.oneof(fc.record({ size: fc.nat(40) }), fc.constant("drain" as const));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
      const { writer, reader } = setUp(128);
      const expected: unknown[] = [];
      const arrived: unknown[] = [];
      for (const [index, each] of operations.entries()) {
        if (each === "drain") arrived.push(...takeAll(reader));
        else {
          const payload = new Uint8Array(each.size).fill(index);
          if (writer.write(3, index, payload)) expected.push([3, index, [...payload]]);
        }
      }
      arrived.push(...takeAll(reader));
      expect(arrived).toEqual(expected);
    }),
  );
});

test("two threads pass a hundred thousand records without loss", async () => {
  const memory = allocateRing(4_096);
  const worker = new Worker(new URL("./byte-ring.fixture.ts", import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<{ count: number; sum: number }>();
  worker.onmessage = (event: MessageEvent<{ count: number; sum: number }>) => resolve(event.data);
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(memory);
  const ring = new ByteRing(memory);
  const payload = new Uint8Array(4);
  let sum = 0;
  for (let index = 0; index < 100_000; index++) {
    payload[0] = index & 0xff;
    sum += index & 0xff;
    while (!ring.write(1, index, payload)) Atomics.pause();
  }
  expect(await promise).toEqual({ count: 100_000, sum });
  worker.terminate();
});

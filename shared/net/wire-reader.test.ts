import { expect, test } from "bun:test";
import fc from "fast-check";
import { readText, unzigzag, WireError, WireReader } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

function readerOf(...bytes: number[]): WireReader {
  const reader = new WireReader();
  reader.reset(Uint8Array.from(bytes));
  return reader;
}

test("what the writer writes is read back, nested and beyond 128 bytes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 60 }),
      fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
      (numbers, signed) => {
        const writer = new WireWriter(4);
        const outer = writer.begin(1);
        const inner = writer.begin(2);
        for (const value of numbers) writer.packed(value);
        writer.end(inner);
        writer.sint32(3, signed);
        writer.end(outer);
        const reader = new WireReader();
        reader.reset(writer.view());
        expect(reader.tag()).toBe(0x0a);
        const frameEnd = reader.enter();
        expect(reader.tag()).toBe(0x12);
        const messageEnd = reader.enter();
        const read: number[] = [];
        while (reader.more) read.push(reader.uint32());
        reader.leave(messageEnd);
        expect(read).toEqual(numbers);
        if (signed !== 0) expect([reader.tag(), reader.sint32()]).toEqual([0x18, signed]);
        expect(reader.more).toBe(false);
        reader.leave(frameEnd);
        expect(reader.more).toBe(false);
      },
    ),
  );
});

const DAMAGE: readonly [name: string, bytes: number[], read: (reader: WireReader) => void][] = [
  ["a varint that ends too early", [0x80], (reader) => reader.uint32()],
  ["a varint without an end", new Array(11).fill(0xff), (reader) => reader.uint32()],
  ["a field without a number", [0x05], (reader) => reader.tag()],
  ["a message longer than what it is in", [5, 1, 2], (reader) => reader.enter()],
  ["bytes longer than what they are in", [5, 1, 2], (reader) => reader.passBytes()],
  ["four bytes of which two are there", [1, 2], (reader) => reader.fixed32()],
  ["a group, which nobody writes", [], (reader) => reader.skip(0x0b)],
  ["a bool that is neither", [2], (reader) => reader.bool()],
];

for (const [name, bytes, read] of DAMAGE) {
  test(`${name} is a WireError`, () => {
    expect(() => read(readerOf(...bytes))).toThrow(WireError);
  });
}

test("a nested message cannot read beyond its end", () => {
  const reader = readerOf(1, 7, 9);
  const outer = reader.enter();
  expect(reader.uint32()).toBe(7);
  expect(() => reader.uint32()).toThrow("cannot read message: it ends too early");
  reader.leave(outer);
  expect(reader.uint32()).toBe(9);
});

test("negative numbers of 32 bits come with ten bytes", () => {
  const reader = readerOf(...new Array<number>(9).fill(0xff), 0x01);
  expect(reader.int32()).toBe(-1);
  expect([0, 1, 2, 3, 0xffff_fffe, 0xffff_ffff].map(unzigzag)).toEqual([
    0, -1, 1, -2, 0x7fff_ffff, -0x8000_0000,
  ]);
});

test("fields that are not known are passed over whatever their wire type", () => {
  const reader = readerOf(0x80, 1, 1, 2, 3, 4, 5, 6, 7, 8, 2, 9, 9, 1, 2, 3, 4, 42);
  for (const type of [0, 1, 2, 5]) reader.skip((99 << 3) | type);
  expect(reader.uint32()).toBe(42);
});

test("texts are read as they are, short and long, and refused when they are none", () => {
  for (const text of ["", "Ada", "Zoë", "\ufeffx", "名".repeat(20), "x".repeat(100)]) {
    const bytes = new TextEncoder().encode(`<${text}>`);
    expect(readText(bytes, 1, bytes.length - 1)).toBe(text);
  }
  expect(() => readText(Uint8Array.of(0x41, 0xff), 0, 2)).toThrow(WireError);
});

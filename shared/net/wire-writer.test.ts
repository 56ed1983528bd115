import { expect, test } from "bun:test";
import { WireWriter } from "./wire-writer.ts";

test("defaults are left out, nested lengths grow past one byte", () => {
  const writer = new WireWriter(4);
  writer.uint32(1, 0);
  writer.bool(2, false);
  writer.string(3, "");
  expect(writer.length).toBe(0);
  const outer = writer.begin(1);
  const inner = writer.begin(2);
  for (let count = 0; count < 200; count++) writer.packed(1);
  writer.end(inner);
  writer.end(outer);
  expect([...writer.view(0, 6)]).toEqual([0x0a, 203, 1, 0x12, 200, 1]);
  expect(writer.length).toBe(206);
});

test("negative numbers are written in zigzag", () => {
  const writer = new WireWriter();
  writer.sint32(1, -1);
  writer.sint32(2, 1);
  expect([...writer.view()]).toEqual([8, 1, 16, 2]);
});

test("a reset starts over", () => {
  const writer = new WireWriter();
  writer.uint32(1, 5);
  writer.reset();
  writer.append(new Uint8Array([9]));
  expect([...writer.view()]).toEqual([9]);
});

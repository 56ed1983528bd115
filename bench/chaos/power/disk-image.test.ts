import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { cutPower, type DiskState } from "./disk-image.ts";

const filled = (value: number, sectors: number) => new Uint8Array(sectors * 512).fill(value);

function manyImages(before: DiskState, after: DiskState): DiskState[] {
  const random = createRandom(5);
  return Array.from({ length: 300 }, () => cutPower(before, after, random));
}

test("what was confirmed before stays; what came after is there, absent, mixed or torn", () => {
  const before = { database: filled(1, 4), log: filled(2, 3) };
  const after = { database: filled(1, 4), log: new Uint8Array([...filled(2, 3), ...filled(3, 5)]) };
  const images = manyImages(before, after);
  for (const { database, log } of images) {
    expect(database).toEqual(before.database);
    expect([...log.subarray(0, 3 * 512)].every((byte) => byte === 2)).toBe(true);
  }
  const ends = images.map(({ log }) => [...log.subarray(3 * 512)]);
  expect(ends.some((end) => end.length === 0)).toBe(true);
  expect(ends.some((end) => end.length === 5 * 512 && end.every((byte) => byte === 3))).toBe(true);
  expect(ends.some((end) => end.includes(0) && end.includes(3))).toBe(true);
});

test("a database file changes only when its log is whole", () => {
  const before = { database: filled(1, 8), log: filled(2, 2) };
  const after = { database: filled(4, 8), log: filled(3, 4) };
  const images = manyImages(before, after);
  const changed = images.filter(({ database }) => database.includes(4));
  expect(changed.length).toBeGreaterThan(50);
  for (const { log } of changed) expect(log).toEqual(after.log);
  expect(images.some(({ log }) => log.includes(2) && log.includes(3))).toBe(true);
});

test("a log is begun again with its header, before any old frame is written over", () => {
  const database = filled(1, 4);
  const before = { database, log: filled(2, 6) };
  const begun = new Uint8Array([...filled(3, 3), ...filled(2, 3)]);
  const images = manyImages(before, { database, log: begun });
  const isNew = (bytes: Uint8Array) => bytes.every((byte) => byte === 3);
  const overwritten = images.filter(({ log }) => log.subarray(32).includes(3));
  expect(overwritten.length).toBeGreaterThan(50);
  for (const { log } of overwritten) expect(isNew(log.subarray(0, 32))).toBe(true);
  const untouched = images.filter(({ log }) => !log.subarray(32).includes(3));
  expect(untouched.some(({ log }) => log.includes(3) && !isNew(log.subarray(0, 32)))).toBe(true);
});

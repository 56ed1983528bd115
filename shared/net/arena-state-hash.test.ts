import { expect, test } from "bun:test";
import { hashArenaEntity } from "./arena-state-hash.ts";

test.each([
  [[0, 0, 0, 0, 0, 0], 0xf2a63e15],
  [[0x100000, 10_000, 20_000, 54, 20, 11], 0x7372e4fb],
  [[0xfff00001, 655_350, 1, 127, 100, 0xffff_ffff], 0xbbe3966c],
])("the hash of %j", ([id = 0, x = 0, y = 0, pose = 0, wounds = 0, score = 0], hash) => {
  expect(hashArenaEntity({ id, x, y, pose, wounds, score })).toBe(hash);
});

import { expect, test } from "bun:test";
import { murmurHash } from "./murmur.ts";

// From an implementation whose SMHasher verification value is 0xB3ECE62A, that of the original.
test.each([
  [[], 1, [0x88c4adec, 0x54d201b9, 0x54d201b9, 0x54d201b9]],
  [[1, 2, 3, 4], 0, [0x37d6ee17, 0x3d4a429d, 0x3dbb9c17, 0x5b64b81d]],
  [new Array(4).fill(0xffff_ffff), 7, [0x490d707e, 0xeb7e5945, 0x6c6b6218, 0x220660ad]],
  [[0, 1, 2, 3, 4, 5, 6, 7], 0x9747b28c, [0xb14ab51b, 0xab28c4c3, 0x30586d44, 0xdb405fde]],
  [new Array(16).fill(0), 0, [0x5daba90e, 0x99397841, 0xad093a5e, 0xa077dd63]],
])("hash of words %j with seed %d", (words, seed, expected) => {
  expect(murmurHash(Int32Array.from(words), seed)).toEqual(expected as never);
});

import { describe, expect, test } from "bun:test";
import { createRandom, randomUint32, scaleRandom } from "./random.ts";

describe("randomUint32", () => {
  test("is a pure function of 32 bits", () => {
    expect(randomUint32(1, 2, 3, 4)).toBe(randomUint32(1, 2, 3, 4));
    expect(randomUint32(0xffffffff, 0xffffffff, 0xffffffff, 0)).toBeWithin(0, 2 ** 32);
  });

  test("depends on each of its parameters", () => {
    const values = [
      randomUint32(1, 1, 1, 1),
      randomUint32(2, 1, 1, 1),
      randomUint32(1, 2, 1, 1),
      randomUint32(1, 1, 2, 1),
      randomUint32(1, 1, 1, 2),
      randomUint32(0, 0, 0, 0),
    ];
    expect(new Set(values).size).toBe(values.length);
  });

  test("every bit is set about half of the time, along each parameter", () => {
    const along = [
      (n: number) => randomUint32(n, 7, 7, 7),
      (n: number) => randomUint32(7, n, 7, 7),
      (n: number) => randomUint32(7, 7, n, 7),
      (n: number) => randomUint32(7, 7, 7, n),
    ];
    for (const draw of along) {
      for (let bit = 0; bit < 32; bit++) {
        let set = 0;
        for (let n = 0; n < 4096; n++) set += (draw(n) >>> bit) & 1;
        // Six standard deviations of a fair coin.
        expect(set).toBeWithin(2048 - 192, 2048 + 192);
      }
    }
  });
});

test.each([
  [0, 10, 0],
  [0xffff_ffff, 10, 9],
  [0x8000_0000, 10, 5],
  [0xffff_ffff, 1, 0],
  [0xffff_ffff, 2 ** 21, 2 ** 21 - 1],
])("scaleRandom(%d, %d) is %d", (bits, bound, expected) => {
  expect(scaleRandom(bits, bound)).toBe(expected);
});

describe("createRandom", () => {
  test("repeats itself for the same seed and differs for another", () => {
    const take = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(take(5)).toEqual(take(5));
    expect(take(5)).not.toEqual(take(6));
  });

  test("below reaches every value under the bound and no other", () => {
    const random = createRandom(9);
    const seen = new Set(Array.from({ length: 1000 }, () => random.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

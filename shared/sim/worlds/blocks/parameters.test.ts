import { expect, test } from "bun:test";
import { BLOCKS_PARAMETERS, type BlocksParameters, checkBlocksParameters } from "./parameters.ts";

test("the usual world is allowed", () => {
  expect(checkBlocksParameters(BLOCKS_PARAMETERS)).toEqual(BLOCKS_PARAMETERS);
});

const REFUSED: readonly [Partial<BlocksParameters>, string][] = [
  [{ width: 8 }, "width is 8, allowed is a whole number from 16 to 32768"],
  [{ height: 40 }, "height is 40, which is not whole chunks; use a multiple of 16"],
  [{ tickRate: 61 }, "tickRate is 61, allowed is a whole number from 20 to 60"],
  [{ seed: -1 }, "seed is -1, allowed is a whole number from 0 to 4294967295"],
  [{ seed: 0.5 }, "seed is 0.5, allowed is"],
  [
    { width: 32_768 },
    "width 32768 and height 2048 make 262144 chunks, allowed are 65536; make the world smaller",
  ],
];
test.each(REFUSED)("%p is refused", (change, message) => {
  expect(() => checkBlocksParameters({ ...BLOCKS_PARAMETERS, ...change })).toThrow(
    `cannot create blocks: ${message}`,
  );
});

import { expect, test } from "bun:test";
import type { BlocksParameters } from "./messages.ts";
import { BLOCKS_PARAMETERS, checkBlocksParameters } from "./parameters.ts";

test("the usual world is allowed", () => {
  expect(checkBlocksParameters(BLOCKS_PARAMETERS)).toEqual(BLOCKS_PARAMETERS);
});

const REFUSED: readonly [Partial<BlocksParameters>, string][] = [
  [{ columns: 0 }, "columns is 0, allowed is a whole number from 1 to 2048"],
  [{ rows: 2049 }, "rows is 2049, allowed is a whole number from 1 to 2048"],
  [{ tickRate: 61 }, "tickRate is 61, allowed is a whole number from 20 to 60"],
  [{ spawnBlocks: 0 }, "spawnBlocks is 0, allowed is a whole number from 1 to 16384"],
  [{ seed: -1 }, "seed is -1, allowed is a whole number from 0 to 4294967295"],
  [{ seed: 0.5 }, "seed is 0.5, allowed is"],
  [
    { columns: 2048 },
    "columns 2048 and rows 128 make 262144 chunks, allowed are 65536; make the world smaller",
  ],
];
test.each(REFUSED)("%p is refused", (change, message) => {
  expect(() => checkBlocksParameters({ ...BLOCKS_PARAMETERS, ...change })).toThrow(
    `cannot create blocks: ${message}`,
  );
});

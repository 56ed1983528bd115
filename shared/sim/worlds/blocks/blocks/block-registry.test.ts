import { expect, test } from "bun:test";
import { Block } from "./block-ids.ts";
import { blockNames, createBlockRegistry, isBlock } from "./block-registry.ts";

test("every block that rules know is in the file, under its id", () => {
  for (const [name, id] of Object.entries(Block)) expect(blockNames.get(id)).toBe(name);
});

test("an unknown id is no block", () => {
  expect(isBlock(Block.Spawner)).toBe(true);
  expect(isBlock(12)).toBe(false);
});

const REFUSED: readonly [string, { id: number; name: string }[], string][] = [
  [
    "an id that is taken",
    [
      { id: 7, name: "Ore" },
      { id: 7, name: "Coal" },
    ],
    "cannot register block Coal: id 7 is taken by Ore; give it another",
  ],
  [
    "a name that is taken",
    [
      { id: 7, name: "Ore" },
      { id: 8, name: "Ore" },
    ],
    "cannot register block 8: the name Ore is taken by 7; give it another",
  ],
  [
    "an id that is too great",
    [{ id: 65_536, name: "Far" }],
    "cannot register block Far: its id is 65536, allowed is a whole number from 0 to 65535",
  ],
];
test.each(REFUSED)("%s is an error", (_, lines, message) => {
  expect(() => createBlockRegistry(lines)).toThrow(message);
});

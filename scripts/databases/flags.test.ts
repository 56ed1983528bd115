import { expect, test } from "bun:test";
import { readFlags } from "./flags.ts";

const rules = {
  does: "bake",
  usage: "usage: bake",
  withValue: ["--to", "--shard"],
  alone: ["--fast"],
  wordsMax: 1,
};

test("values, flags that come again, flags alone and words", () => {
  const flags = readFlags(["bread", "--shard", "a", "--fast", "--shard", "b"], rules);
  expect(flags.words).toEqual(["bread"]);
  expect(flags.all("--shard")).toEqual(["a", "b"]);
  expect(flags.one("--shard")).toBe("b");
  expect(flags.has("--fast")).toBe(true);
  expect(flags.one("--to")).toBeUndefined();
});

test.each([
  [["--sard", "a"], "cannot bake: there is no flag --sard; did you mean --shard?\nusage: bake"],
  [["--to"], "cannot bake: --to has no value\nusage: bake"],
  [["bread", "cake"], "cannot bake: cake is one word too many\nusage: bake"],
])("%p is refused", (words, message) => {
  expect(() => readFlags(words, rules)).toThrow(message);
});

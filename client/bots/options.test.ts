import { expect, test } from "bun:test";
import { botName } from "./names.ts";
import { readBotOptions } from "./options.ts";

test("flags come before the environment, which comes before the defaults", () => {
  expect(readBotOptions([], {})).toEqual({
    count: 20,
    worldId: "arena",
    region: undefined,
    url: "http://127.0.0.1:8088",
    seed: 1,
  });
  const environment = { TESSERA_BOTS: "7", TESSERA_SERVER_URL: "https://play.example.com" };
  expect(readBotOptions([], environment)).toMatchObject({
    count: 7,
    url: "https://play.example.com",
  });
  const flags = ["--count", "3", "--world", "blocks", "--url", "http://[::1]:1", "--seed", "9"];
  expect(readBotOptions([...flags, "--region", "eu-west-1"], environment)).toEqual({
    count: 3,
    worldId: "blocks",
    region: "eu-west-1",
    url: "http://[::1]:1",
    seed: 9,
  });
});

const WRONG: readonly (readonly [flags: readonly string[], text: string])[] = [
  [["--number", "3"], "cannot start bots: there is no flag --number; usage: bun run bots"],
  [["--count"], "cannot start bots: --count has no value; usage: bun run bots"],
  [["--count", "many"], "--count is many, allowed is a whole number from 0 to 5000"],
  [["--count", "-1"], "--count is -1, allowed is a whole number from 0 to 5000"],
  [["--count", "5001"], "--count is 5001, allowed is a whole number from 0 to 5000"],
  [["--url", "localhost"], "--url is localhost, allowed is an address such as"],
];

for (const [flags, text] of WRONG) {
  test(`${flags.join(" ")} is refused`, () => {
    expect(() => readBotOptions(flags, {})).toThrow(text);
  });
}

test("a wrong number in the environment is refused, too", () => {
  expect(() => readBotOptions([], { TESSERA_BOTS: "x" })).toThrow("--count is x");
});

test("a thousand bots have a thousand names", () => {
  const names = Array.from({ length: 1_000 }, (_, index) => botName(index));
  expect(new Set(names).size).toBe(1_000);
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(24);
});

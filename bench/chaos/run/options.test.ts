import { describe, expect, test } from "bun:test";
import { catalogue } from "../experiments/catalogue.ts";
import { ChaosOptionsError, readChaosOptions } from "./options.ts";

describe("a command line", () => {
  test("without a name asks what there is", () => {
    expect(readChaosOptions([], catalogue).experiment).toBeUndefined();
    expect(readChaosOptions(["--list"], catalogue).experiment).toBeUndefined();
  });

  test("names one, with what it lets be chosen", () => {
    const words = ["flood", "--runs", "3", "--seed", "7", "--json", "out.json", "--garbage", "50"];
    expect(readChaosOptions(words, catalogue)).toMatchObject({
      experiment: { name: "flood" },
      params: { garbage: 50 },
      runs: 3,
      seed: 7,
      jsonFile: "out.json",
    });
  });
});

describe("refused", () => {
  test.each([
    [["flod"], "there is no experiment flod; did you mean flood?"],
    [["weather"], "there is no experiment weather; there are kill, "],
    [["--runs", "3"], "which one? there are kill, "],
    [["flood", "--rums", "2"], "there is no flag --rums; did you mean --runs?"],
    [["flood", "--sleepy", "2"], "there is no flag --sleepy"],
    [["flood", "--runs", "0"], "--runs is 0, allowed is a whole number from 1 to 100,000"],
    [["flood", "--seed", "x"], "--seed is x, allowed is a whole number from 0 to 2,147,483,647"],
    [["flood", "--json"], "--json has no value"],
    [["flood", "slow"], "slow is no flag"],
  ])("%j", (words, reason) => {
    const read = () => readChaosOptions(words, catalogue);
    expect(read).toThrow(ChaosOptionsError);
    expect(read).toThrow(`cannot run experiment: ${reason}`);
  });
});

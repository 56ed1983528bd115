import { expect, test } from "bun:test";
import { LoadOptionsError, readLoadOptions } from "./options.ts";

test("without flags it is what the README promises", () => {
  expect(readLoadOptions([])).toEqual({
    players: 200,
    seconds: 20,
    rampSeconds: 3,
    world: "arena",
    url: undefined,
    legacy: false,
    rate: 1,
    attackRate: 0,
    crowd: "spread",
    seed: 1,
    findLimit: false,
    thresholds: [],
    reportFolder: "data/loadtest",
    jsonFile: undefined,
  });
});

test("all flags at once", () => {
  const words =
    "--players 5000 --seconds 7.5 --url https://play.example.com --legacy --rate 24 --attack 0.2 " +
    "--crowd dense --seed 9 --find-limit --report out --json out.json " +
    "--threshold ackMsP99<=120 --threshold playersPlaying>=10";
  expect(readLoadOptions(words.split(" "))).toMatchObject({
    players: 5_000,
    seconds: 7.5,
    rampSeconds: 10,
    url: "https://play.example.com",
    legacy: true,
    rate: 24,
    attackRate: 0.2,
    crowd: "dense",
    findLimit: true,
    thresholds: [
      { metric: "ackMsP99", op: "<=", bound: 120 },
      { metric: "playersPlaying", op: ">=", bound: 10 },
    ],
    reportFolder: "out",
    jsonFile: "out.json",
  });
});

test.each([
  ["--players 0", "--players is 0, allowed is a whole number from 1 to 12,000"],
  ["--players 2.5", "--players is 2.5, allowed is a whole number"],
  ["--seconds soon", "--seconds is soon, allowed is a number from 1 to 86,400"],
  ["--world moon", "--world is moon, allowed is arena or blocks"],
  ["--crowd thick", "--crowd is thick, allowed is spread or dense"],
  ["--url localhost:8088", "--url is localhost:8088, allowed is the address of a server"],
  ["--player 3", "there is no flag --player; did you mean --players?"],
  ["--players", "--players has no value"],
  ["--threshold ackMsP99=3", "allowed is metric<=value or metric>=value, in quotes"],
  ["--threshold ackMsP98<=3", "no metric ackMsP98; did you mean ackMsP"],
  ["--url http://a.b --threshold shardRssMB<=3", "with --url the shard's own figures are not"],
])("%p is refused by name, value and what is allowed", (words, problem) => {
  const read = () => readLoadOptions(words.split(" "));
  expect(read).toThrow(LoadOptionsError);
  expect(read).toThrow("cannot run load test: ");
  expect(read).toThrow(problem);
});

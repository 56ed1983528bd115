import { describe, expect, test } from "bun:test";
import { catalogue } from "../benchmarks/catalogue.ts";
import { defineBenchmark } from "./benchmark.ts";
import { BenchOptionsError, readBenchOptions } from "./options.ts";

const names = catalogue.map(({ name }) => name);

describe("a command line", () => {
  test("without a name asks what there is", () => {
    expect(readBenchOptions([], catalogue).benchmarks).toEqual([]);
    expect(readBenchOptions(["--list"], catalogue).benchmarks).toEqual([]);
  });

  test("may ask for everything and the page", () => {
    const { benchmarks, report } = readBenchOptions(["--all", "--report"], catalogue);
    expect(benchmarks.map(({ name }) => name)).toEqual(names);
    expect(report).toBeTrue();
  });

  test("names one, with what it lets be chosen", () => {
    const words = ["sim", "--runs", "2", "--json", "out.json", "--sample-ms", "5"];
    expect(readBenchOptions(words, catalogue)).toMatchObject({
      benchmarks: [{ name: "sim" }],
      params: { sampleMs: 5 },
      runs: 2,
      jsonFile: "out.json",
      report: false,
      profile: false,
    });
  });
});

describe("refused", () => {
  test.each([
    [["simm"], "there is no benchmark simm; did you mean sim?"],
    [["weather"], `there is no benchmark weather; there are ${names.join(", ")}`],
    [["sim", "--run", "2"], "there is no flag --run; did you mean --runs?"],
    [["sim", "--smal", "2"], "there is no flag --smal; did you mean --small?"],
    [["--all", "--small", "2"], "there is no flag --small"],
    [["sim", "--runs", "0"], "--runs is 0, allowed is a whole number from 1 to 100"],
    [["sim", "--small", "many"], "--small is many, allowed is a whole number from 1 to 10,000,000"],
    [["sim", "--json"], "--json has no value"],
    [["sim", "codec"], "codec is no flag"],
    [["sim", "--all"], "--all goes without a name"],
    [["sim", "--profile", "--report"], "--profile slows what is measured"],
  ])("%j", (words, reason) => {
    const read = () => readBenchOptions(words, catalogue);
    expect(read).toThrow(BenchOptionsError);
    expect(read).toThrow(`cannot run benchmarks: ${reason}`);
  });
});

test("a benchmark's own params stand where none are given", async () => {
  const echo = defineBenchmark({
    name: "echo",
    work: "nothing",
    meanings: {},
    runs: 1,
    inProcess: true,
    coresMin: 1,
    params: { left: 1, right: 2 },
    bars: ({ left }) => [{ metric: "right", op: "<=", bound: left }],
    measure: async ({ params }) => ({ left: params.left, right: params.right }),
  });
  const run = { params: { left: 7 }, say: () => undefined, profileFolder: undefined };
  expect(await echo.measure(run)).toEqual({ left: 7, right: 2 });
  expect(echo.bars({ left: 9 })).toEqual([{ metric: "right", op: "<=", bound: 9 }]);
});

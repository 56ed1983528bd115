import { nearest } from "#shared/infra/nearest.ts";
import type { Benchmark, Params } from "./benchmark.ts";

/** What `bun run bench` was asked to do. */
export interface BenchOptions {
  /** Empty: tell what there is. */
  readonly benchmarks: readonly Benchmark[];
  /** Those given as flags; the rest is each benchmark's own. */
  readonly params: Params;
  readonly runs: number | undefined;
  readonly jsonFile: string | undefined;
  /** Keep the result and write docs/BENCHMARKS.md anew. */
  readonly report: boolean;
  readonly profile: boolean;
}

const BENCH_USAGE =
  "usage: bun run bench NAME [--runs N] [--json FILE] [--report] [--profile] [--PARAM N]\n" +
  "       bun run bench --all --report\n" +
  "       bun run bench --list";

/** The answer to --help, with the benchmarks below it. */
export const BENCH_HELP = `${BENCH_USAGE}
  --runs N      runs of which the median is told
  --json FILE   the figures and bars for machines
  --report      keep the figures in bench/results and write docs/BENCHMARKS.md anew
  --profile     leave a CPU profile of each thread under test, for a browser's developer tools
  --PARAM N     another value for one of the params below
Exit codes: 0 all bars met, 1 one missed, 2 a run without figures, 69 nothing that was asked for can
be measured on this machine, 78 a wrong flag.`;

const RUNS_MAX = 100;
const PARAM_MAX = 10_000_000;
const FLAGS = ["--all", "--list", "--report", "--profile", "--runs", "--json"];

/** The benchmarks cannot start as they were told to; the message says what is allowed. */
export class BenchOptionsError extends Error {
  override readonly name = "BenchOptionsError";
  /** EX_CONFIG of sysexits. */
  readonly exitCode = 78;

  constructor(problem: string) {
    super(`cannot run benchmarks: ${problem}`);
  }
}

/** Reads the command line; throws BenchOptionsError that says what is wrong. */
export function readBenchOptions(
  words: readonly string[],
  catalogue: readonly Benchmark[],
): BenchOptions {
  const [first = "--list"] = words;
  const name = first.startsWith("--") ? undefined : first;
  const flags = readFlags(name === undefined ? words : words.slice(1));
  const chosen = name === undefined ? undefined : findBenchmark(name, catalogue);
  if (chosen !== undefined && flags.has("--all")) {
    throw new BenchOptionsError(`--all goes without a name; ${BENCH_USAGE}`);
  }
  const all = flags.has("--all") && !flags.has("--list") ? catalogue : [];
  const options: BenchOptions = {
    benchmarks: chosen === undefined ? all : [chosen],
    params: readParams(flags, chosen),
    runs: flags.has("--runs") ? readNumber("--runs", flags.get("--runs"), RUNS_MAX) : undefined,
    jsonFile: flags.get("--json"),
    report: flags.has("--report"),
    profile: flags.has("--profile"),
  };
  if (options.report && options.profile) {
    throw new BenchOptionsError("--profile slows what is measured, so it goes without --report");
  }
  return options;
}

/** `measureSeconds` is asked for as `--measure-seconds`, `diskMB` as `--disk-mb`. */
export function flagOf(param: string): string {
  return `--${param.replace(/[A-Z]+/g, (letters) => `-${letters.toLowerCase()}`)}`;
}

/** The benchmark of this name, or an error that names the nearest. */
export function findBenchmark(name: string, catalogue: readonly Benchmark[]): Benchmark {
  const found = catalogue.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  const names = catalogue.map((benchmark) => benchmark.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new BenchOptionsError(`there is no benchmark ${name}; ${hint}`);
}

const ALONE = new Set(["--all", "--list", "--report", "--profile"]);

function readFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const flag = words[index] ?? "";
    if (!flag.startsWith("--")) throw new BenchOptionsError(`${flag} is no flag; ${BENCH_USAGE}`);
    if (ALONE.has(flag)) {
      flags.set(flag, "");
      continue;
    }
    index += 1;
    const value = words[index];
    if (value === undefined) throw new BenchOptionsError(`${flag} has no value; ${BENCH_USAGE}`);
    flags.set(flag, value);
  }
  return flags;
}

function readParams(flags: ReadonlyMap<string, string>, chosen: Benchmark | undefined): Params {
  const params: Record<string, number> = {};
  const known = new Map(Object.keys(chosen?.params ?? {}).map((param) => [flagOf(param), param]));
  for (const [flag, text] of flags) {
    if (FLAGS.includes(flag)) continue;
    const param = known.get(flag);
    if (param === undefined) {
      const meant = nearest(flag, [...FLAGS, ...known.keys()]);
      const hint = meant === undefined ? BENCH_USAGE : `did you mean ${meant}?`;
      throw new BenchOptionsError(`there is no flag ${flag}; ${hint}`);
    }
    params[param] = readNumber(flag, text, PARAM_MAX);
  }
  return params;
}

function readNumber(flag: string, text: string | undefined, max: number): number {
  const value = Number(text);
  if (text !== undefined && /^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new BenchOptionsError(
    `${flag} is ${text}, allowed is a whole number from 1 to ${max.toLocaleString("en-US")}`,
  );
}

import { nearest } from "#shared/infra/nearest.ts";
import type { Params } from "../../run/benchmark.ts";
import { flagOf } from "../../run/options.ts";
import type { Experiment } from "./experiment.ts";

/** What `bun run chaos` was asked to do. */
export interface ChaosOptions {
  /** Undefined: tell what there is. */
  readonly experiment: Experiment | undefined;
  /** Those given as flags; the rest is the experiment's own. */
  readonly params: Params;
  readonly runs: number;
  /** Of the first run; each further one has the next. */
  readonly seed: number;
  readonly jsonFile: string | undefined;
  /** Keep the result and write docs/RELIABILITY.md anew. */
  readonly report: boolean;
}

export const CHAOS_USAGE =
  "usage: bun run chaos NAME [--runs N] [--seed S] [--json FILE] [--report] [--PARAM N]\n" +
  "       bun run chaos --list";

/** The answer to --help, with the experiments below it. */
export const CHAOS_HELP = `${CHAOS_USAGE}
  --runs N      runs, each with a seed of its own
  --seed S      of the first run; each further one has the next
  --json FILE   the figures and bars for machines
  --report      keep the figures in bench/chaos/results and write docs/RELIABILITY.md anew
  --PARAM N     another value for one of the params below
Exit codes: 0 all bars met, 1 one missed, 78 a wrong flag.`;

const RUNS_MAX = 100_000;
const SEED_MAX = 2 ** 31 - 1;
const PARAM_MAX = 10_000_000;
const FLAGS = ["--list", "--report", "--runs", "--seed", "--json"];

/** The experiments cannot start as they were told to; the message says what is allowed. */
export class ChaosOptionsError extends Error {
  override readonly name = "ChaosOptionsError";
  /** EX_CONFIG of sysexits. */
  readonly exitCode = 78;

  constructor(problem: string) {
    super(`cannot run experiment: ${problem}`);
  }
}

/** Reads the command line; throws ChaosOptionsError that says what is wrong. */
export function readChaosOptions(
  words: readonly string[],
  catalogue: readonly Experiment[],
): ChaosOptions {
  const [first = "--list"] = words;
  const name = first.startsWith("--") ? undefined : first;
  const flags = readFlags(name === undefined ? words : words.slice(1));
  const isList = flags.has("--list");
  const experiment = name === undefined ? undefined : findExperiment(name, catalogue);
  if (experiment === undefined && flags.size > (isList ? 1 : 0)) {
    throw new ChaosOptionsError(`which one? ${namesOf(catalogue)}; ${CHAOS_USAGE}`);
  }
  return {
    experiment: isList ? undefined : experiment,
    params: readParams(flags, experiment),
    runs: readNumber(flags, "--runs", { min: 1, max: RUNS_MAX }) ?? 1,
    seed: readNumber(flags, "--seed", { min: 0, max: SEED_MAX }) ?? 1,
    jsonFile: flags.get("--json"),
    report: flags.has("--report"),
  };
}

function findExperiment(name: string, catalogue: readonly Experiment[]): Experiment {
  const found = catalogue.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const meant = nearest(
    name,
    catalogue.map((experiment) => experiment.name),
  );
  const hint = meant === undefined ? namesOf(catalogue) : `did you mean ${meant}?`;
  throw new ChaosOptionsError(`there is no experiment ${name}; ${hint}`);
}

function namesOf(catalogue: readonly Experiment[]): string {
  return `there are ${catalogue.map(({ name }) => name).join(", ")}`;
}

const ALONE = new Set(["--list", "--report"]);

function readFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const flag = words[index] ?? "";
    if (!flag.startsWith("--")) throw new ChaosOptionsError(`${flag} is no flag; ${CHAOS_USAGE}`);
    if (ALONE.has(flag)) {
      flags.set(flag, "");
      continue;
    }
    index += 1;
    const value = words[index];
    if (value === undefined) throw new ChaosOptionsError(`${flag} has no value; ${CHAOS_USAGE}`);
    flags.set(flag, value);
  }
  return flags;
}

function readParams(
  flags: ReadonlyMap<string, string>,
  experiment: Experiment | undefined,
): Params {
  const params: Record<string, number> = {};
  const own = Object.keys(experiment?.params ?? {});
  for (const flag of flags.keys()) {
    if (FLAGS.includes(flag)) continue;
    const param = own.find((each) => flagOf(each) === flag);
    if (param === undefined) {
      const meant = nearest(flag, [...FLAGS, ...own.map(flagOf)]);
      const hint = meant === undefined ? CHAOS_USAGE : `did you mean ${meant}?`;
      throw new ChaosOptionsError(`there is no flag ${flag}; ${hint}`);
    }
    params[param] = readNumber(flags, flag, { min: 0, max: PARAM_MAX }) ?? 0;
  }
  return params;
}

function readNumber(
  flags: ReadonlyMap<string, string>,
  flag: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = flags.get(flag);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const [from, to] = [min, max].map((bound) => bound.toLocaleString("en-US"));
  throw new ChaosOptionsError(
    `${flag} is ${text}, allowed is a whole number from ${from} to ${to}`,
  );
}

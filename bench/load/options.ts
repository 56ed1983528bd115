import { nearest } from "#shared/infra/nearest.ts";
import type { Crowd } from "./behaviour.ts";
import { LOAD_METRICS, type Threshold } from "./load-metrics.ts";

/** What `bun run loadtest` was asked to do. */
export interface LoadOptions {
  readonly players: number;
  /** Measured time; the ramp comes before it. */
  readonly seconds: number;
  readonly rampSeconds: number;
  readonly world: (typeof WORLDS)[number];
  /** Of a running server; undefined: a shard of its own. */
  readonly url: string | undefined;
  /** Speak the ancestor's wire. */
  readonly legacy: boolean;
  /** Changes of direction per second and player. */
  readonly rate: number;
  /** Attacks per second and player. */
  readonly attackRate: number;
  readonly crowd: Crowd;
  readonly seed: number;
  readonly findLimit: boolean;
  readonly thresholds: readonly Threshold[];
  readonly reportFolder: string;
  readonly jsonFile: string | undefined;
}

/** Descriptors are limited to 20,000 per process in many places. */
export const PLAYERS_MAX = 12_000;
const SECONDS_MAX = 86_400;
const RATE_MAX = 30;
/** Unless told otherwise so many players come per second. */
const PLAYERS_PER_SECOND = 500;
const RAMP_SECONDS_MIN = 3;
const WORLDS = ["arena", "blocks"] as const;

export const LOAD_USAGE = `usage: bun run loadtest [--players 200] [--seconds 20] [--world arena]
  --players N           bots, 1 to ${PLAYERS_MAX} (200)
  --seconds N           measured time, after the ramp (20)
  --url URL             of a running server; without it a shard of its own is started
  --legacy              speak the ancestor's wire at /ws
  --ramp SECONDS        time over which the players come (3, or ${PLAYERS_PER_SECOND} a second)
  --rate N              changes of direction per second and player (1)
  --attack N            attacks per second and player, in blocks emotes (0)
  --crowd dense|spread  all in one window, or each in an area of its own (spread)
  --threshold 'M<=N'    a bound on a metric, also >=; may come again, replaces the default of M
  --find-limit          raise the players from --players on until a bound breaks
  --report FOLDER       for report.html and report.json (data/loadtest)
  --json FILE           the figures for machines
  --seed N              of everything that is left to chance (1)
Exit codes: 0 all bounds met, 1 one missed or no target, 78 a wrong flag, 130 interrupted.
What is measured and the metrics' names: docs/LOADTEST.md`;

/** The load test cannot start as it was told to; the message says what is allowed. */
export class LoadOptionsError extends Error {
  override readonly name = "LoadOptionsError";
  /** EX_CONFIG of sysexits. */
  readonly exitCode = 78;

  constructor(problem: string) {
    super(`cannot run load test: ${problem}`);
  }
}

const ALONE = ["--legacy", "--find-limit"];
const WITH_VALUE = [
  "--players",
  "--seconds",
  "--world",
  "--url",
  "--ramp",
  "--rate",
  "--attack",
  "--crowd",
  "--threshold",
  "--report",
  "--json",
  "--seed",
];

/** Reads the command line; throws LoadOptionsError. */
export function readLoadOptions(words: readonly string[]): LoadOptions {
  const flags = readFlags(words);
  const one = (flag: string) => flags.get(flag)?.at(-1);
  const number = (flag: string, fallback: number, range: Range) => {
    const text = one(flag);
    return text === undefined ? fallback : readNumber(flag, text, range);
  };
  const players = number("--players", 200, { min: 1, max: PLAYERS_MAX, whole: true });
  const url = readUrl(one("--url"));
  return {
    players,
    seconds: number("--seconds", 20, { min: 1, max: SECONDS_MAX }),
    rampSeconds: number("--ramp", Math.max(RAMP_SECONDS_MIN, players / PLAYERS_PER_SECOND), {
      min: 0,
      max: SECONDS_MAX,
    }),
    world: readChoice("--world", one("--world") ?? "arena", WORLDS),
    url,
    legacy: flags.has("--legacy"),
    rate: number("--rate", 1, { min: 0, max: RATE_MAX }),
    attackRate: number("--attack", 0, { min: 0, max: RATE_MAX }),
    crowd: readChoice("--crowd", one("--crowd") ?? "spread", ["spread", "dense"] as const),
    seed: number("--seed", 1, { min: 0, max: 0xffff_ffff, whole: true }),
    findLimit: flags.has("--find-limit"),
    thresholds: (flags.get("--threshold") ?? []).map((text) => readThreshold(text, url)),
    reportFolder: one("--report") ?? "data/loadtest",
    jsonFile: one("--json"),
  };
}

function readFlags(words: readonly string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const flag = words[index] ?? "";
    if (ALONE.includes(flag)) {
      flags.set(flag, []);
      continue;
    }
    if (!WITH_VALUE.includes(flag)) throw unknownFlag(flag);
    index += 1;
    const value = words[index];
    if (value === undefined || value === "") {
      throw new LoadOptionsError(`${flag} has no value\n${LOAD_USAGE}`);
    }
    flags.set(flag, [...(flags.get(flag) ?? []), value]);
  }
  return flags;
}

function unknownFlag(flag: string): LoadOptionsError {
  const meant = nearest(flag, [...ALONE, ...WITH_VALUE]);
  const hint = meant === undefined ? LOAD_USAGE : `did you mean ${meant}?`;
  return new LoadOptionsError(`there is no flag ${flag}; ${hint}`);
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

function readNumber(flag: string, text: string, { min, max, whole = false }: Range): number {
  const value = Number(text);
  const isNumber = whole ? /^\d+$/.test(text) : /^\d+(\.\d+)?$/.test(text);
  if (isNumber && value >= min && value <= max) return value;
  const kind = whole ? "a whole number" : "a number";
  const range = `${kind} from ${min.toLocaleString("en-US")} to ${max.toLocaleString("en-US")}`;
  throw new LoadOptionsError(`${flag} is ${text}, allowed is ${range}`);
}

function readChoice<const T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new LoadOptionsError(`${flag} is ${text}, allowed is ${known.join(" or ")}`);
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw new LoadOptionsError(
    `--url is ${text}, allowed is the address of a server such as http://127.0.0.1:8088`,
  );
}

function readThreshold(text: string, url: string | undefined): Threshold {
  const [, metric = "", op = "", bound = ""] = /^(\w+)(<=|>=)(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (op !== "<=" && op !== ">=") {
    throw new LoadOptionsError(
      `--threshold is ${text}, allowed is metric<=value or metric>=value, in quotes`,
    );
  }
  const known = Object.keys(LOAD_METRICS);
  if (!known.includes(metric)) {
    const meant = nearest(metric, known);
    const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new LoadOptionsError(`--threshold is ${text}, and there is no metric ${metric}; ${hint}`);
  }
  if (url !== undefined && metric.startsWith("shard")) {
    throw new LoadOptionsError(
      `--threshold is ${text}, but with --url the shard's own figures are not known`,
    );
  }
  return { metric, op, bound: Number(bound) };
}

/** What `bun run replay` was asked for. */
export interface ReplayOptions {
  /** Of the server. */
  readonly url: string;
  /** An access token; it decides what is seen. */
  readonly token: string;
  /** Of events.query, events.statistics and events.follow. */
  readonly filter: Readonly<Record<string, string>>;
  /** Stop after so many; none goes on to the end. */
  readonly limit: number | undefined;
  readonly follow: boolean;
  readonly statistics: string | undefined;
  /** One JSON object a line. */
  readonly json: boolean;
}

const USAGE =
  "usage: bun run replay --token TOKEN [--url http://127.0.0.1:8088] [--types a,b] [--region R] " +
  "[--player ID] [--world W] [--since TIME] [--until TIME] [--limit N] [--follow] " +
  "[--stats hour|day|type|region] [--json]";

/** The flags are wrong; the message says which and what is allowed. */
export class ReplayOptionsError extends Error {
  override readonly name = "ReplayOptionsError";
  /** EX_CONFIG of sysexits. */
  readonly exitCode = 78;
}

/** Flags that narrow what is shown, and what the API calls them. */
const FILTERS: Readonly<Record<string, string>> = {
  "--types": "types",
  "--region": "regions",
  "--player": "players",
  "--world": "worldId",
  "--since": "since",
  "--until": "until",
};
const VALUES = ["--url", "--token", "--limit", "--stats", ...Object.keys(FILTERS)];
const SWITCHES = ["--follow", "--json"];

/** Reads flags; the address comes from the environment when they do not say it. */
export function readReplayOptions(
  flags: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReplayOptions {
  const given = readFlags(flags);
  const token = given.get("--token");
  if (token === undefined) throw refuse("there is no --token");
  const limit = given.get("--limit");
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw refuse(`--limit is ${limit}, allowed is a whole number from 1`);
  }
  const statistics = given.get("--stats");
  if (statistics !== undefined && !["hour", "day", "type", "region"].includes(statistics)) {
    throw refuse(`--stats is ${statistics}, allowed is hour, day, type or region`);
  }
  const filter = Object.entries(FILTERS).flatMap(([flag, name]) => {
    const value = given.get(flag);
    return value === undefined ? [] : [[name, value]];
  });
  const url = given.get("--url") ?? (environment.TESSERA_SERVER_URL || "http://127.0.0.1:8088");
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    throw refuse(`--url is ${url}, allowed is an address such as http://127.0.0.1:8088`);
  }
  return {
    ...{ url: url.replace(/\/+$/, ""), token, statistics },
    filter: Object.fromEntries(filter),
    limit: limit === undefined ? undefined : Number(limit),
    follow: given.has("--follow"),
    json: given.has("--json"),
  };
}

function readFlags(flags: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let index = 0; index < flags.length; index++) {
    const name = flags[index] ?? "";
    if (SWITCHES.includes(name)) given.set(name, "on");
    else if (VALUES.includes(name)) {
      const value = flags[++index];
      if (value === undefined || value.startsWith("--")) throw refuse(`${name} has no value`);
      given.set(name, value);
    } else throw refuse(`there is no flag ${name}`);
  }
  return given;
}

function refuse(why: string): ReplayOptionsError {
  return new ReplayOptionsError(`cannot replay: ${why}; ${USAGE}`);
}

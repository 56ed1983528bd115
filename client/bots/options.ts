/** Worlds that bots know to play in. */
const BOT_WORLDS = ["arena", "blocks"] as const;

/** A world that bots know to play in. */
export type BotWorld = (typeof BOT_WORLDS)[number];

/** How many bots play, and where. */
export interface BotOptions {
  readonly count: number;
  readonly worldId: BotWorld;
  readonly region: string | undefined;
  /** Of the server. */
  readonly url: string;
  readonly seed: number;
}

const COUNT_MAX = 5_000;
const USAGE =
  "usage: bun run bots [--count 20] [--world arena] [--region eu-west-1] " +
  "[--url http://127.0.0.1:8088] [--seed 1]";

/** Bots cannot start as they were told to; the message says what is wrong and what is allowed. */
export class BotOptionsError extends Error {
  override readonly name = "BotOptionsError";
  /** EX_CONFIG of sysexits. */
  readonly exitCode = 78;
}

/** Reads flags; what they do not say comes from the environment, then from the defaults. */
export function readBotOptions(
  flags: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): BotOptions {
  const given = pairUp(flags);
  const url = given.get("--url") ?? (environment.TESSERA_SERVER_URL || "http://127.0.0.1:8088");
  const count = given.get("--count") ?? (environment.TESSERA_BOTS || "20");
  return {
    count: readInteger("--count", count, COUNT_MAX),
    worldId: readWorld(given.get("--world") ?? "arena"),
    region: given.get("--region"),
    url: readUrl(url),
    seed: readInteger("--seed", given.get("--seed") ?? "1", 0xffff_ffff),
  };
}

const FLAGS: readonly string[] = ["--count", "--world", "--region", "--url", "--seed"];

function pairUp(flags: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let index = 0; index < flags.length; index += 2) {
    const name = flags[index] ?? "";
    const value = flags[index + 1];
    if (!FLAGS.includes(name)) {
      throw new BotOptionsError(`cannot start bots: there is no flag ${name}; ${USAGE}`);
    }
    if (value === undefined || value === "") {
      throw new BotOptionsError(`cannot start bots: ${name} has no value; ${USAGE}`);
    }
    given.set(name, value);
  }
  return given;
}

function readWorld(text: string): BotWorld {
  const world = BOT_WORLDS.find((known) => known === text);
  if (world !== undefined) return world;
  const allowed = BOT_WORLDS.join(" and ");
  throw new BotOptionsError(`cannot start bots: --world is ${text}, allowed are ${allowed}`);
}

function readInteger(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new BotOptionsError(
    `cannot start bots: ${name} is ${text}, allowed is a whole number from 0 to ${max}`,
  );
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new BotOptionsError(
    `cannot start bots: --url is ${text}, allowed is an address such as http://127.0.0.1:8088`,
  );
}

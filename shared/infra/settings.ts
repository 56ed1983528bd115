// The one catalogue of TESSERA_* settings: what exists, what is allowed, what it means.
import { z } from "zod";
import { nearest } from "./nearest.ts";
import { unsafeCast } from "./unsafe.ts";

/** A setting that stops the start; the process leaves with code 78 (EX_CONFIG). */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly exitCode = 78;
}

/** How a process behaves: `production` refuses what `development` makes up for itself. */
export type Mode = "development" | "production";

/** Environment variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<T> {
  /** Turns the text of the environment into the value. */
  readonly schema: z.ZodType<T, string>;
  /** The text used when the environment is silent; undefined when there is none. */
  readonly default: string | undefined;
  /** Ends the sentence "allowed is …". */
  readonly allowed: string;
  readonly description: string;
  /** Never printed, not even in an error. */
  readonly secret: boolean;
}

interface Form<T> {
  readonly schema: z.ZodType<T, string>;
  readonly allowed: string;
}

/** Where a shard's number goes in an address. */
const INSTANCE = "{instance}";
/** Where a shard's key goes in an address, as a word: arena-1-eu-west-1. */
const SHARD = "{shard}";

const REGION_ID = /^[a-z][a-z0-9-]{0,31}$/;

/** Names a stream on a broker, such as GLOBAL_EVENTS. */
export const STREAM_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
export const STREAM_ALLOWED = "1 to 32 letters, digits, _ and -, with a letter first";

/** Every setting that some process reads; README lists the same. */
export const settingCatalogue = {
  TESSERA_DATA: withDefault(text(), "data", "Folder of databases and generated secrets."),
  TESSERA_HOST: withDefault(text(), "127.0.0.1", "Address on which processes listen."),
  TESSERA_PORT: withDefault(integer(0, 65535), "8088", "Port of the server; 0 picks a free one."),
  TESSERA_PUBLIC_URL: optional(
    url(["http:", "https:"]),
    "Address under which players reach the server, when it is not host and port.",
  ),
  TESSERA_SERVER_URL: withDefault(
    url(["http:", "https:"]),
    "http://127.0.0.1:8088",
    "Where shards and bots find the server.",
  ),
  TESSERA_BUS: withDefault(
    busAddress(),
    "local:",
    "Bus between processes: `local:` goes through the server of this machine, redis:// and " +
      "nats:// through a Redis or NATS that all of them reach. The region's file may name it too.",
  ),
  TESSERA_REDIS: optional(
    url(["redis:", "rediss:"]),
    "Redis in which servers count calls together; that of TESSERA_BUS, if it is one, unless set. " +
      "Without one each server counts alone.",
  ),
  TESSERA_CLUSTER_SECRET: {
    ...optional(text(), "Secret shared by server and shards, 32 characters or more in production."),
    secret: true,
  },
  TESSERA_ALLOWED_ORIGINS: optional(
    origins(),
    "Web origins that may call the server and open game sockets besides its own.",
  ),
  TESSERA_TRUSTED_PROXIES: optional(
    networks(),
    "Networks of the proxies in front of the server, whose `X-Forwarded-For` tells who calls.",
  ),
  TESSERA_LIMIT_FACTOR: withDefault(
    integer(1, 10_000),
    "1",
    "All limits of API calls per address and account times this, for load tests from elsewhere.",
  ),
  TESSERA_SHARD_PORT: withDefault(
    integer(0, 65535),
    "7777",
    "Port of a shard's game socket; 0 picks a free one.",
  ),
  TESSERA_SHARD_PUBLIC_URL: optional(
    url(["ws:", "wss:"], INSTANCE),
    "Address that players are given for the shard, when it is not host and port; `{instance}` in " +
      "it stands for the instance's number.",
  ),
  TESSERA_TICK_RATE: withDefault(integer(20, 60), "30", "Simulation ticks per second."),
  TESSERA_MAX_PLAYERS: withDefault(integer(1, 65_536), "12000", "Players that one shard takes in."),
  TESSERA_CONNECTIONS_PER_IP: withDefault(
    integer(1, 100_000),
    "20",
    "Game sockets that one address may hold on a shard.",
  ),
  TESSERA_MESSAGES_PER_SECOND: withDefault(
    integer(1, 10_000),
    "60",
    "Messages per second that a game socket may send before they are dropped.",
  ),
  TESSERA_GATEWAYS: optional(
    integer(0, 16),
    "Threads of a shard that own game sockets; on Linux one less than it has cores, else 1. " +
      "0 serves them on the loop's thread.",
  ),
  TESSERA_LEGACY_WIRE: optional(
    choice(["off", "events", "delta"]),
    "Whether arena shards speak the ancestor's bytes at `/ws`, to guests only, and which form. " +
      "`events` in development, `off` in production.",
  ),
  TESSERA_ARENA_SIDE: withDefault(
    integer(256, 65_535),
    "2000",
    "Units on a side of a new arena; one that exists keeps its own.",
  ),
  TESSERA_ARENA_CELL: withDefault(
    integer(64, 4_096),
    "256",
    "Units on a side of a new arena's cells, which are what clients watch.",
  ),
  TESSERA_BLOCKS_SPAWN: optional(
    integer(1, 16_384),
    "Blocks from the middle of a new land of blocks, or nearer, where players come to be; 8 " +
      "unless the region's file says otherwise.",
  ),
  TESSERA_LIBSQL_URL: optional(
    url(["http:", "https:", "libsql:"], INSTANCE, SHARD),
    "libSQL server, such as sqld or Turso, to which a shard ships its database; each shard needs " +
      "one of its own there, so `{shard}` stands for its key (arena-1-eu-west-1) and " +
      "`{instance}` for its number.",
  ),
  TESSERA_LIBSQL_TOKEN: {
    ...optional(text(), "Token that may read and write there."),
    secret: true,
  },
  TESSERA_STANDBY_URL: optional(
    url(["http:", "https:", "libsql:"], INSTANCE, SHARD),
    "Replica of that database which a standby reads: over HTTP, or with `libsql://` through a " +
      "copy of its own that libSQL keeps in step.",
  ),
  TESSERA_REGION: optional(
    { schema: z.string().regex(REGION_ID), allowed: "a region's id such as eu-west-1" },
    "Region of a shard whose command line has no `--region`.",
  ),
  TESSERA_REGIONS: optional(
    text(),
    "Folder of the region files; `regions` beside the program unless set.",
  ),
  TESSERA_SYNC_BATCH_COUNT: optional(
    integer(1, 5_000),
    "Changes of a mirrored world that go to the other regions in one batch; 100 unless the " +
      "region's file says otherwise.",
  ),
  TESSERA_SYNC_FLUSH_MS: optional(
    integer(0, 60_000),
    "Longest that a change waits for others to come along; 3000 unless the region's file says " +
      "otherwise.",
  ),
  TESSERA_SYNC_COMPRESSION: optional(
    choice(["none", "zstd", "gzip"]),
    "How batches are compressed; `zstd` unless the region's file says otherwise.",
  ),
  TESSERA_SYNC_STREAM: optional(
    { schema: z.string().regex(STREAM_NAME), allowed: STREAM_ALLOWED },
    "Names the stream on the broker, the same in all processes; those of other names have " +
      "nothing to do with them. `GLOBAL_EVENTS` unless the region files say otherwise.",
  ),
  TESSERA_SYNC_RETENTION_HOURS: optional(
    integer(1, 720),
    "How long the broker keeps batches; older ones are not taken, what they changed is found by " +
      "comparing. 24 unless the region files say otherwise.",
  ),
  TESSERA_REGION_KEYS: {
    ...optional(
      text(),
      "Keys that regions sign with, as `eu-west-1=KEY,us-east-1=KEY`, the same in all regions, " +
        "32 characters or more each. Without it they are made of the cluster's secret.",
    ),
    secret: true,
  },
  TESSERA_STANDBY_TOKEN: { ...optional(text(), "Token that may read there."), secret: true },
  TESSERA_SMTP_URL: {
    ...optional(
      url(["smtp:", "smtps:"]),
      "Mail server with user and password, such as smtp://user:password@mail.example.com:587. " +
        "Without it mails go to the log in development, and nowhere in production.",
    ),
    secret: true,
  },
  TESSERA_MAIL_FROM: optional(
    text(),
    "Sender of mails, such as `Example <no-reply@example.com>`; no-reply@ the public address's " +
      "host unless set.",
  ),
  TESSERA_OIDC_ISSUER: optional(
    url(["http:", "https:"]),
    "OpenID provider at which players may sign in, as its metadata names it; https in production.",
  ),
  TESSERA_OIDC_CLIENT_ID: optional(text(), "What that provider calls this deployment."),
  TESSERA_OIDC_CLIENT_SECRET: {
    ...optional(text(), "Secret by which it knows this deployment, if it gave one."),
    secret: true,
  },
  TESSERA_OIDC_SCOPE: withDefault(text(), "openid profile", "What it is asked to tell."),
  TESSERA_OIDC_REDIRECT_URLS: optional(
    urls(),
    "Where people may come back to after a sign-in; /play of the public address unless set.",
  ),
  TESSERA_JWT_ISSUER: optional(
    url(["http:", "https:"]),
    "System whose access tokens log players in (auth.logInWith), such as " +
      "https://PROJECT.supabase.co/auth/v1.",
  ),
  TESSERA_JWT_AUDIENCE: withDefault(text(), "authenticated", "Whom its tokens must be meant for."),
  TESSERA_JWT_KEYS_URL: optional(
    url(["http:", "https:"]),
    "Where its public keys are; /.well-known/jwks.json below the issuer unless set.",
  ),
  TESSERA_STAFF_TOTP: optional(
    choice(["required", "optional"]),
    "Whether moderators and administrators need a second factor for what only they may do; " +
      "required in production.",
  ),
  TESSERA_BOTS: withDefault(integer(0, 5_000), "20", "Bots that `bun start` lets play."),
  TESSERA_WEBHOOK_SECRET: {
    ...optional(
      webhookSecret(),
      "Secret by which webhooks of others are verified at `/webhooks`; without it none is taken.",
    ),
    secret: true,
  },
  TESSERA_WEBHOOK_LOOPBACK: withDefault(
    choice(["on", "off"]),
    "off",
    "Whether webhooks may go to this machine itself, also without TLS; for development only.",
  ),
  TESSERA_EVENT_DAYS: withDefault(integer(1, 3_650), "30", "Days for which the event log is kept."),
  TESSERA_LOG_LEVEL: withDefault(
    choice(["debug", "info", "warning", "error"]),
    "info",
    "Least severe log line that is written.",
  ),
  TESSERA_CHROMIUM: optional(text(), "Path of the Chromium that browser tests use."),
} as const satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof settingCatalogue;

type Catalogue = typeof settingCatalogue;
type Value<Name extends SettingName> =
  | z.output<Catalogue[Name]["schema"]>
  | (Catalogue[Name]["default"] extends string ? never : undefined);

/** The values of the settings a process asked for. */
export type Settings<Name extends SettingName> = { readonly [K in Name]: Value<K> };

/**
 * Reads the named settings, frozen. Throws one ConfigurationError that names everything wrong:
 * values outside what is allowed and TESSERA_* names that do not exist.
 */
export function readSettings<Name extends SettingName>(
  names: readonly Name[],
  environment: Environment,
): Settings<Name> {
  const problems = findUnknownNames(environment);
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const setting: Setting<unknown> = settingCatalogue[name];
    // An empty variable is how Compose and CI files say "not set".
    const given = environment[name] || setting.default;
    if (given === undefined) continue;
    const parsed = setting.schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(describeWrongValue(name, given));
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join("\n"));
  // Each name was filled from its own schema, which the compiler cannot follow.
  return Object.freeze(unsafeCast<Settings<Name>>(values));
}

/** From NODE_ENV; throws ConfigurationError when that is none of the modes. */
export function readMode(environment: Environment): Mode {
  const given = environment.NODE_ENV || "development";
  if (given === "production") return "production";
  // A mistyped `production` must not open what production closes.
  if (given === "development" || given === "test") return "development";
  throw new ConfigurationError(
    `cannot use NODE_ENV=${JSON.stringify(given)}: allowed is production, development or test`,
  );
}

function describeWrongValue(name: SettingName, given: string): string {
  const { allowed, secret } = settingCatalogue[name];
  const shown = secret ? "(hidden)" : JSON.stringify(given);
  return `cannot use ${name}=${shown}: allowed is ${allowed}`;
}

function findUnknownNames(environment: Environment): string[] {
  const known = Object.keys(settingCatalogue);
  return Object.keys(environment)
    .filter((name) => name.startsWith("TESSERA_") && !known.includes(name))
    .map((name) => {
      const suggestion = nearest(name, known);
      const fix = suggestion === undefined ? "remove it" : `did you mean ${suggestion}?`;
      return `cannot use ${name}: there is no such setting; ${fix}`;
    });
}

function withDefault<T>(form: Form<T>, value: string, description: string) {
  return { ...form, default: value, description, secret: false };
}

function optional<T>(form: Form<T>, description: string) {
  return { ...form, default: undefined, description, secret: false };
}

function text(): Form<string> {
  return { schema: z.string().trim().min(1), allowed: "any text that is not empty" };
}

function integer(min: number, max: number): Form<number> {
  const schema = z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
  return { schema, allowed: `a whole number from ${min} to ${max}` };
}

function choice<const T extends string>(values: readonly [T, ...T[]]): Form<T> {
  const schema = z.string().pipe(z.enum(values));
  return { schema, allowed: values.length === 1 ? values[0] : `one of ${values.join(", ")}` };
}

function webhookSecret(): Form<string> {
  return {
    schema: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/),
    allowed: "whsec_ and 24 random bytes or more in base64",
  };
}

/** The placeholders may stand anywhere in it, for numbers and words. */
function url(protocols: readonly string[], ...placeholders: string[]): Form<string> {
  const fill = (value: string) =>
    placeholders.reduce((filled, placeholder) => filled.replaceAll(placeholder, "1"), value);
  const schema = z
    .string()
    .refine((value) => protocols.includes(URL.parse(fill(value))?.protocol ?? ""))
    .transform((value) => value.replace(/\/+$/, ""));
  return { schema, allowed: `a URL that starts with ${protocols.join("// or ")}//` };
}

function busAddress(): Form<string> {
  const protocols = ["redis:", "rediss:", "nats:", "tls:"];
  const isBus = (value: string) => {
    const url = URL.parse(value);
    return value === "local:" || (url?.host && protocols.includes(url.protocol));
  };
  return {
    schema: z.string().refine(isBus),
    allowed: "local: or a redis:// or nats:// URL",
  };
}

function urls(): Form<readonly string[]> {
  const schema = z
    .string()
    .transform((value) => value.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().refine((value) => URL.canParse(value))));
  return { schema, allowed: "a comma list of addresses such as https://play.example.com/play" };
}

function origins(): Form<readonly string[]> {
  const schema = z
    .string()
    .transform((value) => value.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().refine((value) => URL.parse(value)?.origin === value)));
  return { schema, allowed: "a comma list of origins such as https://play.example.com" };
}

function networks(): Form<readonly string[]> {
  const schema = z
    .string()
    .transform((value) => value.split(",").map((part) => part.trim()))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])));
  return { schema, allowed: "a comma list of addresses and networks such as 10.0.0.0/8" };
}

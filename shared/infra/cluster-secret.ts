// The secret by which the processes of one deployment know each other.
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, type Mode } from "./settings.ts";

const SECRET_LENGTH_MIN = 32;

export interface ClusterSecretOptions {
  /** The data folder. */
  readonly data: string;
  /** TESSERA_CLUSTER_SECRET, when given. */
  readonly configured: string | undefined;
  readonly mode: Mode;
}

/**
 * The configured secret; in development without one, the one in `<data>/cluster-secret`, which
 * the first process to come makes. Throws ConfigurationError on a missing or weak one in
 * production.
 */
export function readClusterSecret(options: ClusterSecretOptions): string {
  const { data } = options;
  return findClusterSecret(options) ?? createSecret(data, join(data, "cluster-secret"));
}

/** As `readClusterSecret`, but makes none: undefined when the first process would. */
export function findClusterSecret(options: ClusterSecretOptions): string | undefined {
  const { data, configured, mode } = options;
  if (configured !== undefined) {
    assertSendable(configured);
    if (mode === "production") assertStrong(configured);
    return configured;
  }
  if (mode === "production") {
    throw new ConfigurationError(
      "cannot start without TESSERA_CLUSTER_SECRET in production: " +
        `set the same random text of at least ${SECRET_LENGTH_MIN} characters for server and ` +
        "shards, for example from `openssl rand -base64 32`",
    );
  }
  return readExisting(join(data, "cluster-secret"));
}

/** It goes from process to process in a header. */
function assertSendable(secret: string): void {
  if (/^[!-~]+$/.test(secret)) return;
  throw new ConfigurationError(
    "cannot use TESSERA_CLUSTER_SECRET=(hidden): allowed are letters, digits and signs of ASCII, " +
      "without spaces; for example from `openssl rand -base64 32`",
  );
}

function assertStrong(secret: string): void {
  const distinct = new Set(secret).size;
  if (secret.length >= SECRET_LENGTH_MIN && distinct >= 10) return;
  throw new ConfigurationError(
    "cannot use TESSERA_CLUSTER_SECRET=(hidden): in production allowed is a random text of at " +
      `least ${SECRET_LENGTH_MIN} characters, for example from \`openssl rand -base64 32\``,
  );
}

function readExisting(path: string): string | undefined {
  let secret: string;
  try {
    secret = readFileSync(path, "utf8").trim();
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return undefined;
    throw new ConfigurationError(`cannot read the cluster secret ${path}: ${String(cause)}`, {
      cause,
    });
  }
  if (secret.length >= SECRET_LENGTH_MIN) return secret;
  throw new ConfigurationError(
    `cannot use the cluster secret in ${path}: it is damaged; delete the file for a new one`,
  );
}

/** Complete before it is visible, and only one of several processes at once makes it. */
function createSecret(data: string, path: string): string {
  const secret = randomBytes(32).toString("base64url");
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    mkdirSync(data, { recursive: true });
    writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw new ConfigurationError(
      `cannot write the cluster secret ${path}: ${String(cause)}; ` +
        "make the folder writable or set TESSERA_DATA to another one",
      { cause },
    );
  }
  try {
    linkSync(draft, path);
    return secret;
  } catch (cause) {
    if (!hasCode(cause, "EEXIST")) throw cause;
    return readExisting(path) ?? secret;
  } finally {
    unlinkSync(draft);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

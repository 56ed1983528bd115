// Opens and migrates libSQL databases; the only importer of @libsql/client and drizzle's driver.
//
// A database file has exactly one connection in one process: the SQLite inside libSQL can lose
// committed writes when two connections write and checkpoint one WAL file. Hence `concurrency: 1`,
// the exclusive lock taken at opening, and no interactive transactions (`transaction()` holds the
// one connection while others wait): several statements that belong together go into one `batch`.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Client, createClient, type InStatement, LibsqlError } from "@libsql/client";
import { drizzle, type LibSQLDatabase } from "drizzle-orm/libsql";
import { migrate } from "drizzle-orm/libsql/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { countWrites } from "./count-writes.ts";
import { asBytes, readText } from "./damaged-text.ts";
import { DatabaseError, migrationErrorOf, openingErrorOf } from "./database-error.ts";

export { DatabaseError, type DatabaseErrorReason, isConstraintError } from "./database-error.ts";

/** One of a `client.batch`. */
export type Statement = InStatement;

/** What can be asked, however it was opened. */
export interface ReadableDatabase {
  /** File path or address, for messages. */
  readonly place: string;
  readonly client: {
    execute(sql: string): Promise<{ readonly rows: readonly ArrayLike<unknown>[] }>;
  };
}

export interface Database<Schema extends Record<string, unknown>>
  extends ReadableDatabase,
    AsyncDisposable {
  /** Typed queries. */
  readonly orm: LibSQLDatabase<Schema>;
  /** Raw statements and `batch([...], "write")`. */
  readonly client: Client;
  /** Has grown whenever something may have been written through this connection since. */
  readonly writes: () => number;
  /** Writes the WAL back into the file, closes the connection and lets go of the file. */
  close(): Promise<void>;
}

export interface DatabaseOptions<Schema extends Record<string, unknown>> {
  /** A file path, `:memory:`, or an http(s) or libsql address of a libSQL server. */
  place: string;
  schema: Schema;
  /** FULL survives a power cut, NORMAL survives the death of the process. */
  synchronous?: "FULL" | "NORMAL";
  authToken?: string;
  /** A request to a server that takes longer fails, 5 s by default; it may still be done there. */
  requestMsMax?: number;
  /** How long another process may take to let go of the file. */
  busyTimeoutMs?: number;
}

/** So long, unless told otherwise, somebody who opens a file waits for another to let go of it. */
export const BUSY_MS = 2_000;

/** A server that is frozen would otherwise keep who asks for ever. */
const REQUEST_MS_MAX = 5_000;

/** Opens a database for this process alone; never changes a file it does not understand. */
export async function openDatabase<Schema extends Record<string, unknown>>(
  options: DatabaseOptions<Schema>,
): Promise<Database<Schema>> {
  const { place, schema } = options;
  const remote = /^(https?|wss?|libsql):/.test(place);
  let client: Client | undefined;
  try {
    client = connect(options, remote);
    if (!remote) await prepareFile(client, options);
    else await client.execute("SELECT 1");
  } catch (error) {
    client?.close();
    throw openingErrorOf(error, place);
  }
  const opened = client;
  const close = () => closeClient(opened, remote);
  return {
    place,
    client: opened,
    writes: countWrites(opened),
    orm: drizzle(opened, { schema }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function connect(options: DatabaseOptions<Record<string, unknown>>, remote: boolean): Client {
  const { place, authToken, requestMsMax = REQUEST_MS_MAX } = options;
  if (remote) {
    return createClient({
      url: place,
      ...(authToken !== undefined && { authToken }),
      fetch: fetchWithin(requestMsMax),
    });
  }
  if (place === ":memory:") return createClient({ url: ":memory:" });
  mkdirSync(dirname(place), { recursive: true });
  // Keys and hashes are nobody else's to read; SQLite's companion files take over these rights.
  if (!existsSync(place)) closeSync(openSync(place, "a", 0o600));
  // The native part reads RUST_LOG when it is first loaded and would write to standard output.
  process.env.RUST_LOG ??= "off";
  return createClient({ url: `file:${encodePath(place)}`, concurrency: 1 });
}

/** libSQL's client has no time limit of its own. */
function fetchWithin(milliseconds: number): (request: Request) => Promise<Response> {
  return (request) => fetch(request, { signal: AbortSignal.timeout(milliseconds) });
}

/** `?`, `#` and `%` mean something in a file URL. */
export function encodePath(path: string): string {
  return path.replace(/[%?#]/g, (character) => encodeURIComponent(character));
}

async function prepareFile(
  client: Client,
  options: DatabaseOptions<Record<string, unknown>>,
): Promise<void> {
  await client.execute(`PRAGMA busy_timeout = ${options.busyTimeoutMs ?? BUSY_MS}`);
  await client.execute("PRAGMA locking_mode = EXCLUSIVE");
  // A write transaction takes the lock now, not in the middle of work, and an empty one changes
  // nothing: a damaged file is found before the first byte of it is touched.
  const question = `SELECT ${asBytes("quick_check")} FROM pragma_quick_check(1)`;
  const [check] = await client.batch([question], "write");
  const verdict = readText(check?.rows[0]?.[0]);
  if (verdict !== "ok") throw new LibsqlError(verdict, "SQLITE_CORRUPT");
  await client.execute("PRAGMA journal_mode = WAL");
  await client.execute(`PRAGMA synchronous = ${options.synchronous ?? "FULL"}`);
  await client.execute("PRAGMA foreign_keys = ON");
}

/**
 * Statements that await garbage collection keep the native connection open, and the lock with it,
 * after `close()`. Leaving WAL mode and exclusive mode first gives the file free at once.
 */
async function closeClient(client: Client, remote: boolean): Promise<void> {
  if (client.closed) return;
  try {
    if (remote) return;
    await client.execute("PRAGMA journal_mode = DELETE");
    await client.execute("PRAGMA locking_mode = NORMAL");
    await client.execute("SELECT count(*) FROM sqlite_schema");
  } finally {
    client.close();
  }
}

/** Applies the migrations of `folder` that are missing; refuses newer and foreign databases. */
export async function migrateDatabase<Schema extends Record<string, unknown>>(
  database: Database<Schema>,
  folder: string,
): Promise<void> {
  try {
    await findMissingMigrations(database, folder);
    await migrate(database.orm, { migrationsFolder: folder });
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw migrationErrorOf(error, database.place);
  }
}

/**
 * Names of the migrations of `folder` that the database lacks, in order; throws DatabaseError on
 * newer and foreign databases.
 */
export async function findMissingMigrations(
  { client, place }: ReadableDatabase,
  folder: string,
): Promise<string[]> {
  const migrations = readMigrations(folder);
  const tables = await client.execute(
    `SELECT ${asBytes("name")} FROM sqlite_schema
      WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`,
  );
  const names = tables.rows.map((row) => readText(row[0]));
  if (names.length === 0) return migrations.map(({ name }) => name);
  if (!names.includes("__drizzle_migrations")) {
    throw new DatabaseError(
      "foreign",
      place,
      `cannot migrate database ${place}: it was made by something else (it has a table ` +
        `"${names[0]}"); nothing was changed. Give Tessera another file or folder`,
    );
  }
  const { rows } = await client.execute(
    `SELECT ${asBytes("created_at || ' ' || hash")} FROM __drizzle_migrations`,
  );
  const applied = rows.map((row) => readText(row[0]));
  for (const one of applied) {
    if (migrations.some(({ id }) => id === one)) continue;
    throw new DatabaseError(
      "newer",
      place,
      `cannot migrate database ${place}: it was changed by another version of Tessera; nothing ` +
        "was changed. Run that version, or put a backup made by this one in its place",
    );
  }
  return migrations.filter(({ id }) => !applied.includes(id)).map(({ name }) => name);
}

/** As drizzle names them, and as its table of applied ones does. */
function readMigrations(folder: string): { name: string; id: string }[] {
  const path = join(folder, "meta", "_journal.json");
  if (!existsSync(path)) throw new Error(`cannot read migrations: ${folder} holds none`);
  // Written by `bun run generate` and committed with the code.
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(path, "utf8"));
  const files = readMigrationFiles({ migrationsFolder: folder });
  return files.map(({ folderMillis, hash }, index) => ({
    name: journal.entries[index]?.tag ?? String(folderMillis),
    id: `${folderMillis} ${hash}`,
  }));
}

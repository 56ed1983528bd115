import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DatabaseError, migrateDatabase, openDatabase } from "./database.ts";

const folder = mkdtempSync(join(tmpdir(), "tessera-database-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notes = sqliteTable("notes", { id: integer("id").primaryKey(), body: text("body") });
const schema = { notes };

async function writeMigrations(name: string, statements: string[]): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, "meta"), { recursive: true });
  const entries = statements.map((_, index) => ({
    idx: index,
    version: "6",
    when: 1000 + index,
    tag: `000${index}_step`,
    breakpoints: true,
  }));
  const journal = { version: "7", dialect: "sqlite", entries };
  await writeFile(join(path, "meta", "_journal.json"), JSON.stringify(journal));
  for (const [index, statement] of statements.entries()) {
    await writeFile(join(path, `000${index}_step.sql`), statement);
  }
  return path;
}

const CREATE_NOTES = "CREATE TABLE `notes` (`id` integer PRIMARY KEY, `body` text) STRICT;";
const ADD_COLUMN = "ALTER TABLE `notes` ADD `extra` text;";

async function failure(promise: Promise<unknown>): Promise<DatabaseError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
  throw new Error("expected a DatabaseError");
}

describe("openDatabase", () => {
  test("creates the file and its folder, migrates, and keeps what was written", async () => {
    const place = join(folder, "made", "here #1.db");
    const migrations = await writeMigrations("first", [CREATE_NOTES]);
    {
      await using database = await openDatabase({ place, schema });
      await migrateDatabase(database, migrations);
      await database.orm.insert(notes).values({ body: "kept" });
    }
    await using again = await openDatabase({ place, schema, synchronous: "NORMAL" });
    await migrateDatabase(again, migrations);
    expect(await again.orm.select().from(notes)).toEqual([{ id: 1, body: "kept" }]);
    const pragmas = await again.client.execute("PRAGMA foreign_keys");
    expect(pragmas.rows[0]?.[0]).toBe(1);
  });

  test("what it keeps is nobody else's to read", async () => {
    const place = join(folder, "private.db");
    await using database = await openDatabase({ place, schema });
    await database.client.execute("CREATE TABLE secrets (id integer)");
    for (const file of [place, `${place}-wal`]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test("a batch is all or nothing", async () => {
    await using database = await openDatabase({ place: ":memory:", schema });
    await migrateDatabase(database, await writeMigrations("batch", [CREATE_NOTES]));
    const insert = "INSERT INTO notes (id, body) VALUES (1, 'x')";
    await expect(database.client.batch([insert, insert], "write")).rejects.toThrow();
    expect(await database.orm.select().from(notes)).toEqual([]);
  });

  test("a file that another process holds is refused as locked", async () => {
    const place = join(folder, "held.db");
    await using _database = await openDatabase({ place, schema });
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dir, "database.ts"))};
      try { await openDatabase({ place: ${JSON.stringify(place)}, schema: {}, busyTimeoutMs: 0 }); }
      catch (error) { console.log(error.reason, error.message); }`;
    const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
    const output = await new Response(child.stdout).text();
    await child.exited;
    expect(output).toContain(`locked cannot open database ${place}: another process is using it`);
  });

  test("closing lets go of the file", async () => {
    const place = join(folder, "released.db");
    await (await openDatabase({ place, schema })).close();
    await using _again = await openDatabase({ place, schema, busyTimeoutMs: 0 });
  });

  const broken: [string, Uint8Array<ArrayBuffer>][] = [
    ["text", new TextEncoder().encode("not a database ".repeat(400))],
    ["a few bytes", new Uint8Array([1, 2, 3])],
    ["a cut header", new TextEncoder().encode("SQLite format 3\0\x10")],
  ];
  for (const [what, bytes] of broken) {
    test(`${what} in place of a database is refused and not touched`, async () => {
      const place = join(folder, `broken-${what}.db`);
      await writeFile(place, bytes);
      const error = await failure(openDatabase({ place, schema }));
      expect(error.reason).toBe("damaged");
      expect(error.message).toContain(`cannot open database ${place}: it is damaged`);
      expect(error.message).toContain("Put a backup in its place");
      expect(new Uint8Array(await readFile(place))).toEqual(bytes);
    });
  }

  test("a damaged page is found at opening and the file is left as it is", async () => {
    const place = join(folder, "page.db");
    {
      await using database = await openDatabase({ place, schema });
      await migrateDatabase(database, await writeMigrations("page", [CREATE_NOTES]));
      const rows = Array.from({ length: 500 }, (_, id) => ({ id, body: "row ".repeat(40) }));
      await database.orm.insert(notes).values(rows);
    }
    const bytes = new Uint8Array(await readFile(place));
    for (let page = 3; page < bytes.length / 4096; page++) {
      bytes.fill(0x55, page * 4096, page * 4096 + 64);
    }
    await writeFile(place, bytes);
    const error = await failure(openDatabase({ place, schema }));
    expect(error.reason).toBe("damaged");
    expect(new Uint8Array(await readFile(place))).toEqual(bytes);
  });
});

describe("migrateDatabase", () => {
  test("a database of a newer version is refused unchanged", async () => {
    const place = join(folder, "newer.db");
    await using database = await openDatabase({ place, schema });
    const newer = await writeMigrations("two", [CREATE_NOTES, ADD_COLUMN]);
    await migrateDatabase(database, newer);
    const older = await writeMigrations("one", [CREATE_NOTES]);
    const error = await failure(migrateDatabase(database, older));
    expect(error.reason).toBe("newer");
    expect(error.message).toContain("it was changed by another version of Tessera");
  });

  test("a database of another program is refused", async () => {
    await using database = await openDatabase({ place: ":memory:", schema });
    await database.client.execute("CREATE TABLE recipes (id INTEGER)");
    const migrations = await writeMigrations("foreign", [CREATE_NOTES]);
    const error = await failure(migrateDatabase(database, migrations));
    expect(error.reason).toBe("foreign");
    expect(error.message).toContain('it has a table "recipes"');
  });

  test("a migration that fails leaves nothing behind", async () => {
    await using database = await openDatabase({ place: ":memory:", schema });
    const migrations = await writeMigrations("failing", [
      CREATE_NOTES,
      "CREATE TABLE `notes` (`a`);",
    ]);
    await failure(migrateDatabase(database, migrations));
    const tables = await database.client.execute(
      "SELECT name FROM sqlite_schema WHERE name = 'notes'",
    );
    expect(tables.rows).toEqual([]);
  });
});

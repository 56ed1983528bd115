import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import { copyDatabaseFiles } from "./copy-files.ts";
import { openDatabase } from "./database.ts";

/** Inserts 1, 2, 3 and so on for as long as it runs; writes back far more often than shards do. */
const WRITER = `
  import { openDatabase } from ${JSON.stringify(join(import.meta.dir, "database.ts"))};
  const { client } = await openDatabase({ place: process.argv[1], schema: {} });
  await client.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, body BLOB) STRICT");
  await client.execute("PRAGMA wal_autocheckpoint = 50");
  for (let id = 1; ; id++) {
    await client.execute("INSERT INTO notes VALUES (" + id + ", randomblob(3000))");
    if (id === 100) console.log("writing");
    await Bun.sleep(1);
  }`;

test("copies made while another process writes are whole, each of some commit", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "busy.db");
  const writer = Bun.spawn([process.execPath, "-e", WRITER, place], { stdout: "pipe" });
  await until("the writer", () => existsSync(`${place}-wal`));
  await writer.stdout.getReader().read();
  let last = 0;
  for (let round = 0; round < 20; round++) {
    const copy = join(folder.path, `copy-${round}.db`);
    copyDatabaseFiles(place, copy);
    await using database = await openDatabase({ place: copy, schema: {} });
    const check = await database.client.execute("PRAGMA integrity_check");
    expect(check.rows[0]?.[0]).toBe("ok");
    const { rows } = await database.client.execute("SELECT count(*), max(id) FROM notes");
    expect(rows[0]?.[0]).toBe(rows[0]?.[1]);
    expect(Number(rows[0]?.[1])).toBeGreaterThanOrEqual(last);
    last = Number(rows[0]?.[1]);
  }
  writer.kill();
  await writer.exited;
  expect(last).toBeGreaterThan(99);
});

test("a copy of a database that nobody has open is the same", async () => {
  using folder = createTempDir();
  const place = join(folder.path, "idle.db");
  await (await openDatabase({ place, schema: {} })).close();
  const copy = join(folder.path, "copy.db");
  copyDatabaseFiles(place, copy);
  expect(await Bun.file(copy).bytes()).toEqual(await Bun.file(place).bytes());
  expect(existsSync(`${copy}-wal`)).toBe(false);
});

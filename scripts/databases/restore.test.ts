// `bun run restore` as people run it.
import { describe, expect, test } from "bun:test";
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "#shared/infra/db/database.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { spawnServer } from "../../server/testing/server-process.ts";
import { addPlayers, listPlayers } from "./testing/control-database.ts";
import { runCommandLine } from "./testing/run-command.ts";

/** A data folder with a backup in which Ada is alone. */
async function createBackup() {
  const folder = createTempDir();
  const data = join(folder.path, "data");
  const to = join(folder.path, "backups");
  mkdirSync(data);
  const control = await addPlayers(data, ["Ada"]);
  const made = await runCommandLine("backup", ["--to", to], { TESSERA_DATA: data });
  if (made.code !== 0) throw new Error(`no backup: ${made.stdout}${made.stderr}`);
  const backup = join(to, readdirSync(to)[0] ?? "none");
  return {
    data,
    control,
    backup,
    restore: (words: readonly string[]) => runCommandLine("restore", words, { TESSERA_DATA: data }),
    /** Files of the data folder. */
    list: () => readdirSync(data).sort(),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a lost database comes back", async () => {
  using world = await createBackup();
  rmSync(world.control);
  const { code, stdout } = await world.restore([world.backup]);
  expect(stdout).toContain(`restore | control is restored: ${world.control}`);
  expect(code).toBe(0);
  expect(await listPlayers(world.control)).toEqual(["Ada"]);
  expect(world.list()).toEqual(["control.db"]);
});

test("a sound database is replaced only when that is asked for, and kept", async () => {
  using world = await createBackup();
  await addPlayers(world.data, ["Bob"]);
  const refused = await world.restore([world.backup]);
  expect(refused.stderr).toContain("all accounts and logins since the backup would be undone");
  expect(refused.stderr).toContain("say --undo; the database in place is kept beside it");
  expect(refused.code).toBe(1);
  expect(await listPlayers(world.control)).toEqual(["Ada", "Bob"]);

  const { code, stdout } = await world.restore([world.backup, "--undo"]);
  expect(stdout).toContain("what was there, sound, is kept: ");
  expect(code).toBe(0);
  expect(await listPlayers(world.control)).toEqual(["Ada"]);
  const [, kept = ""] = world.list();
  expect(kept).toStartWith("control.db.before-");
  expect(await listPlayers(join(world.data, kept))).toEqual(["Ada", "Bob"]);

  // And back again: what was kept is a file that can be restored.
  expect((await world.restore([join(world.data, kept), "--undo"])).code).toBe(0);
  expect(await listPlayers(world.control)).toEqual(["Ada", "Bob"]);
});

test("a damaged database is moved aside with its companions", async () => {
  using world = await createBackup();
  writeFileSync(world.control, "torn ".repeat(2_000));
  writeFileSync(`${world.control}-wal`, "torn");
  const { code, stdout } = await world.restore([join(world.backup, "control.db")]);
  expect(stdout).toContain("what was there, damaged, is kept: ");
  expect(code).toBe(0);
  expect(await listPlayers(world.control)).toEqual(["Ada"]);
  expect(world.list().map((name) => name.replace(/before-[\dTZ-]+?Z/, "before"))).toEqual([
    "control.db",
    "control.db.before",
    "control.db.before-wal",
  ]);
});

test("a server whose database was replaced starts on it", async () => {
  using world = await createBackup();
  await addPlayers(world.data, ["Bob"]);
  expect((await world.restore([world.backup, "--undo"])).code).toBe(0);
  await using server = spawnServer({ TESSERA_DATA: world.data });
  await server.ready;
  server.kill("SIGTERM");
  expect((await server.end()).code).toBe(0);
  expect(await listPlayers(world.control)).toEqual(["Ada"]);
}, 30_000);

describe("what must not be restored is refused and nothing is changed", () => {
  test("a process has the database open", async () => {
    using world = await createBackup();
    await using server = spawnServer({ TESSERA_DATA: world.data });
    await server.ready;
    const before = world.list();
    const { stderr, code } = await world.restore([world.backup, "--undo"]);
    expect(stderr).toContain("a process has the database in place open; stop the server");
    expect(code).toBe(1);
    expect(world.list()).toEqual(before);
  }, 30_000);

  const SQL = "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9e15)";
  const changeIn = async (place: string, sql: string) => {
    await using database = await openDatabase({ place, schema: {} });
    await database.client.execute(sql);
  };

  test("the database in place is of a newer version", async () => {
    using world = await createBackup();
    await changeIn(world.control, SQL);
    const { stderr } = await world.restore([world.backup, "--undo"]);
    expect(stderr).toContain("the database in place was changed by another version of Tessera");
    expect(stderr).toContain("run the restore of that version, or move the file away first");
    expect(world.list()).toEqual(["control.db"]);
  });

  test("the backup is of a newer version", async () => {
    using world = await createBackup();
    const copy = join(world.data, "copy.db");
    await Bun.write(copy, Bun.file(join(world.backup, "control.db")));
    await changeIn(copy, SQL);
    const { stderr } = await world.restore([copy, "--undo"]);
    expect(stderr).toContain("it was changed by another version of Tessera");
    expect(await listPlayers(world.control)).toEqual(["Ada"]);
  });

  test("the backup is not as it was made", async () => {
    using world = await createBackup();
    appendFileSync(join(world.backup, "control.db"), "x");
    const { stderr } = await world.restore([world.backup, "--undo"]);
    expect(stderr).toContain("its SHA-256 is not that of the manifest");
    expect(world.list()).toEqual(["control.db"]);
  });

  test("the file in place is another program's", async () => {
    using world = await createBackup();
    rmSync(world.control);
    await changeIn(world.control, "CREATE TABLE recipes (id INTEGER)");
    const { stderr } = await world.restore([world.backup, "--undo"]);
    expect(stderr).toContain("the file in place is none of Tessera's");
    expect(world.list()).toEqual(["control.db"]);
  });

  test("a folder without a manifest, a name that is not there, no name", async () => {
    using world = await createBackup();
    const unfinished = await world.restore([world.data]);
    expect(unfinished.stderr).toContain("it has no manifest.json, so it is no whole backup");
    expect(unfinished.code).toBe(78);
    expect((await world.restore(["nowhere"])).stderr).toContain("cannot restore nowhere: it is no");
    expect((await world.restore([])).stderr).toContain("usage: bun run restore FOLDER|FILE");
  });
});

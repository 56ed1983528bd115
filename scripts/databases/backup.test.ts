// `bun run backup` as people run it, on real files and beside real processes.
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { spawnServer } from "../../server/testing/server-process.ts";
import { hashFile } from "./hash-file.ts";
import { readManifest } from "./manifest.ts";
import { addPlayers, listPlayers } from "./testing/control-database.ts";
import { runCommandLine } from "./testing/run-command.ts";

/** A data folder and a folder for backups that go with the test. */
function createFolders() {
  const folder = createTempDir();
  const data = join(folder.path, "data");
  const to = join(folder.path, "backups");
  mkdirSync(data);
  return {
    data,
    to,
    backUp: (words: readonly string[] = [], settings: Record<string, string> = {}) =>
      runCommandLine("backup", ["--to", to, ...words], { TESSERA_DATA: data, ...settings }),
    /** The folder of the one backup that was made. */
    get backup(): string {
      return join(to, readdirSync(to)[0] ?? "none");
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

async function makeGuest(url: string, displayName: string): Promise<void> {
  const response = await fetch(`${url}/api/auth/guest`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ displayName }),
  });
  expect(response.status).toBe(200);
}

test("a stopped database is copied, checked and described", async () => {
  using folders = createFolders();
  const { data } = folders;
  await addPlayers(data, ["Ada", "Bob"]);
  const { code, stdout } = await folders.backUp();
  expect(stdout).toMatch(/backup \| control: 0\.\d MB, stopped/);
  expect(stdout).toContain("backup | backup of 1 databases, each checked");
  expect(code).toBe(0);
  const copy = join(folders.backup, "control.db");
  const manifest = readManifest(folders.backup);
  expect(manifest).toMatchObject({
    version: "0.1.0",
    databases: [{ file: "control.db", kind: "control", bytes: statSync(copy).size }],
    missing: [],
  });
  expect(manifest?.databases[0]?.sha256).toBe(await hashFile(copy));
  expect(await listPlayers(copy)).toEqual(["Ada", "Bob"]);
  for (const [path, mode] of [
    [folders.backup, 0o700],
    [copy, 0o600],
    [join(folders.backup, "manifest.json"), 0o600],
  ] as const) {
    expect(statSync(path).mode & 0o777).toBe(mode);
  }
});

test("a running server goes on while its database is copied", async () => {
  using folders = createFolders();
  const { data } = folders;
  await using server = spawnServer({ TESSERA_DATA: data });
  const url = await server.ready;
  await makeGuest(url, "Ada");
  const { code, stdout } = await folders.backUp(["--server-url", url]);
  expect(stdout).toMatch(/backup \| control: 0\.\d MB/);
  expect(stdout).toContain(` MB, ${url}, `);
  expect(code).toBe(0);
  await makeGuest(url, "Bob");
  expect(await listPlayers(join(folders.backup, "control.db"))).toEqual(["Ada"]);
  server.kill("SIGTERM");
  expect((await server.end()).code).toBe(0);
  expect(await listPlayers(join(data, "control.db"))).toEqual(["Ada", "Bob"]);
}, 30_000);

/** Passes everything on to a server, and denies so many times that a hold was unbroken. */
function startDoubter(serverUrl: string, denials: number) {
  let left = denials;
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const answer = await fetch(`${serverUrl}${pathname}${search}`, { method, headers });
      if (method !== "DELETE" || left === 0) return answer;
      left -= 1;
      return Response.json({ held: false, reason: "this hold is over" }, { status: 409 });
    },
  });
}

test("a copy that the process does not vouch for is made again, three times in all", async () => {
  using folders = createFolders();
  await using server = spawnServer({ TESSERA_DATA: folders.data });
  const url = await server.ready;
  {
    using doubter = startDoubter(url, 2);
    const { code } = await folders.backUp(["--server-url", doubter.url.origin]);
    expect(code).toBe(0);
    expect(await listPlayers(join(folders.backup, "control.db"))).toEqual([]);
  }
  using doubter = startDoubter(url, 3);
  const { stdout, code } = await folders.backUp(["--server-url", doubter.url.origin]);
  expect(stdout).toContain("control is missing: cannot copy the database of ");
  expect(stdout).toContain("this hold is over; try again");
  expect(code).toBe(1);
}, 30_000);

describe("what cannot be backed up is told with the way out", () => {
  test("nothing is there", async () => {
    using folders = createFolders();
    const { code, stderr } = await folders.backUp();
    expect(stderr).toContain("holds no database; set TESSERA_DATA to the folder that does");
    expect(code).toBe(78);
  });

  test("the server that has it open is not to be reached, or has another secret", async () => {
    using folders = createFolders();
    await using server = spawnServer({ TESSERA_DATA: folders.data });
    const url = await server.ready;
    const away = await folders.backUp(["--server-url", "http://127.0.0.1:9"]);
    expect(away.stdout).toContain("control is missing: cannot reach http://127.0.0.1:9: ");
    expect(away.stderr).toBe("cannot back up: no database could be copied, see above\n");
    expect(away.code).toBe(1);
    const secret = { TESSERA_CLUSTER_SECRET: "another-one" };
    const stranger = await folders.backUp(["--server-url", url], secret);
    expect(stranger.stdout).toContain("it has another cluster secret; use its TESSERA_CLUSTER");
    expect(readdirSync(folders.to)).toEqual([]);
  }, 30_000);

  test("the server at that address serves another folder", async () => {
    using folders = createFolders();
    using others = createFolders();
    const secret = { TESSERA_CLUSTER_SECRET: "the-same-for-both" };
    await using server = spawnServer({ TESSERA_DATA: folders.data, ...secret });
    await using other = spawnServer({ TESSERA_DATA: others.data, ...secret });
    await server.ready;
    const { stdout, code } = await folders.backUp(["--server-url", await other.ready], secret);
    expect(stdout).toContain("uses another file; give TESSERA_DATA the value that it has there");
    expect(code).toBe(1);
  }, 30_000);

  test("one database is damaged: the others are kept, and the exit code tells", async () => {
    using folders = createFolders();
    await addPlayers(folders.data, ["Ada"]);
    mkdirSync(join(folders.data, "shards"));
    writeFileSync(join(folders.data, "shards", "arena-1-eu-west-1.db"), "torn ".repeat(2_000));
    const { stdout, code } = await folders.backUp();
    expect(stdout).toContain("arena-1-eu-west-1 is missing: cannot open database");
    expect(stdout).toContain("backup of 1 databases, 1 MISSING (arena-1-eu-west-1)");
    expect(code).toBe(1);
    expect(readManifest(folders.backup)).toMatchObject({
      databases: [{ name: "control" }],
      missing: [{ name: "arena-1-eu-west-1" }],
    });
  });

  test("the place for backups cannot be written", async () => {
    using folders = createFolders();
    await addPlayers(folders.data, ["Ada"]);
    writeFileSync(folders.to, "a file");
    const { stderr, code } = await folders.backUp();
    expect(stderr).toContain(`cannot back up to ${folders.to}`);
    expect(stderr).toContain("choose another place with --to");
    expect(code).toBe(1);
    rmSync(folders.to);
  });

  test("a flag is mistyped", async () => {
    using folders = createFolders();
    const { stderr, code } = await folders.backUp(["--sever-url", "x"]);
    expect(stderr).toContain("there is no flag --sever-url; did you mean --server-url?");
    expect(code).toBe(78);
  });
});

test("nothing of a copy that failed is left", async () => {
  using folders = createFolders();
  await using server = spawnServer({ TESSERA_DATA: folders.data });
  await server.ready;
  await folders.backUp(["--server-url", "http://127.0.0.1:9"]);
  expect(readdirSync(folders.data).sort()).toEqual([
    "cluster-secret",
    "control.db",
    "control.db-wal",
  ]);
  expect(readFileSync(join(folders.data, "cluster-secret"), "utf8")).not.toBe("");
}, 30_000);

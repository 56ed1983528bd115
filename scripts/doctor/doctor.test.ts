// `bun run doctor` as people run it.
import { describe, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { z } from "zod";
import { openDatabase } from "#shared/infra/db/database.ts";
import { startSqld } from "#shared/testing/sqld.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { spawnServer } from "../../server/testing/server-process.ts";
import { canMount, mountSmallDisk } from "../../shards/persistence/small-disk.fixture.ts";
import { addPlayers } from "../databases/testing/control-database.ts";
import { runCommandLine } from "../databases/testing/run-command.ts";

const Report = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.string(),
      text: z.string(),
      fix: z.string().optional(),
    }),
  ),
});

/** Any free ports, so that nothing else on the machine matters. */
const PORTS = { TESSERA_PORT: "0", TESSERA_SHARD_PORT: "0" };

/** What the machine that runs the tests may lack. */
const OF_THE_MACHINE = ["file system", "free space", "fsync", "open files", "clock"];

async function examine(settings: Readonly<Record<string, string>>) {
  const { stdout, stderr, code } = await runCommandLine("doctor", ["--json"], {
    ...PORTS,
    ...settings,
  });
  expect(stderr).toBe("");
  const report = Report.parse(JSON.parse(stdout));
  expect(code).toBe(report.ok ? 0 : 1);
  const problems = report.findings.filter(
    ({ status, check }) => status === "problem" && !OF_THE_MACHINE.includes(check),
  );
  const of = (check: string) => report.findings.filter((finding) => finding.check === check);
  return { ...report, problems, of, one: (check: string) => of(check)[0] };
}

function createData() {
  const folder = createTempDir();
  const data = join(folder.path, "data");
  mkdirSync(data);
  return { data, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("beside a running server all is well, and nothing is changed", async () => {
  using world = createData();
  await using server = spawnServer({ TESSERA_DATA: world.data });
  const url = await server.ready;
  const before = readdirSync(world.data);
  const port = new URL(url).port;
  const report = await examine({
    TESSERA_DATA: world.data,
    TESSERA_SERVER_URL: url,
    TESSERA_PORT: port,
  });
  expect(report.problems).toEqual([]);
  expect(report.one("clock of server")?.status).toBe("ok");
  expect(report.one(`port ${port}`)?.text).toBe("a server serves there");
  expect(report.one("cluster secret")?.text).toContain("from the data folder");
  if (process.platform === "linux") {
    expect(report.one("database control")?.text).toMatch(/^process \d+ has it open$/);
  }
  expect(report.one("commit")?.text).toMatch(/^\d+\.\d+ ms, at most \d+\.\d+ ms in \d+/);
  expect(readdirSync(world.data)).toEqual(before);
}, 30_000);

test("people are told in lines, with what to do", async () => {
  using world = createData();
  await addPlayers(world.data, []);
  chmodSync(join(world.data, "control.db"), 0o644);
  const environment = { ...PORTS, TESSERA_DATA: world.data };
  const { stdout, code } = await runCommandLine("doctor", [], environment);
  expect(stdout).toMatch(/^ok {6}dependencies +\d+ as in package\.json$/m);
  expect(stdout).toMatch(
    /^PROBLEM rights +others may read or write .*control\.db: password hashe/m,
  );
  expect(stdout).toMatch(/^ +fix: chmod 600 .*control\.db$/m);
  expect(stdout).toMatch(/^\d problems, \d warnings$/m);
  expect(code).toBe(1);
  const mistyped = await runCommandLine("doctor", ["--jsn"], environment);
  expect(mistyped.stderr).toContain("there is no flag --jsn");
  expect(mistyped.code).toBe(78);
});

describe("databases", () => {
  test("one of this version, one that is newer, one that is torn", async () => {
    using world = createData();
    const control = await addPlayers(world.data, ["Ada"]);
    const before = readFileSync(control);
    expect((await examine({ TESSERA_DATA: world.data })).one("database control")).toMatchObject({
      status: "ok",
      text: "of this version",
    });
    expect(readFileSync(control).equals(before)).toBe(true);
    {
      await using database = await openDatabase({ place: control, schema: {} });
      await database.client.execute("INSERT INTO __drizzle_migrations VALUES (99, 'later', 9e15)");
    }
    const newer = await examine({ TESSERA_DATA: world.data });
    expect(newer.one("database control")).toMatchObject({ status: "problem" });
    expect(newer.one("database control")?.text).toContain("by another version of Tessera");
    writeFileSync(control, "torn ".repeat(2_000));
    const torn = await examine({ TESSERA_DATA: world.data });
    expect(torn.one("database control")?.text).toContain("file is not a database");
    expect(torn.ok).toBe(false);
  });

  test("what a killed process left is named", async () => {
    using world = createData();
    await addPlayers(world.data, []);
    await using server = spawnServer({ TESSERA_DATA: world.data });
    await server.ready;
    server.kill("SIGKILL");
    await server.end();
    const report = await examine({ TESSERA_DATA: world.data });
    expect(report.one("database control")?.text).toMatch(/its process was killed|of this version/);
    expect(report.problems).toEqual([]);
  }, 30_000);
});

describe("the data folder", () => {
  test("a place that nobody may write", async () => {
    const nobodys = process.platform === "linux" ? "/sys" : "/System";
    const report = await examine({ TESSERA_DATA: join(nobodys, "tessera") });
    const [found] = [...report.of("data folder"), ...report.of("fsync")].filter(
      ({ status }) => status === "problem",
    );
    expect(found?.text).toContain(nobodys);
    expect(found?.fix).toContain("set TESSERA_DATA to another");
    expect(report.ok).toBe(false);
  });

  // A file system that may only be read takes root.
  if (canMount()) {
    test("a disk on which nothing can be written", async () => {
      await using disk = await mountSmallDisk();
      const report = await examine({ TESSERA_DATA: disk.frozenPath });
      expect(report.one("data folder")?.text).toBe(`${disk.frozenPath} cannot be written`);
      expect(report.one("free space")?.status).toBe("problem");
    });

    test("files of several users", async () => {
      using world = createData();
      chownSync(await addPlayers(world.data, []), 65_534, 65_534);
      writeFileSync(join(world.data, "cluster-secret"), "x", { mode: 0o600 });
      const report = await examine({ TESSERA_DATA: world.data });
      expect(report.one("owners")?.text).toMatch(/several users: (0, 65534|65534, 0)$/);
    });
  }

  test("what interrupted commands have left", async () => {
    using world = createData();
    writeFileSync(join(world.data, "restore-1"), "");
    mkdirSync(join(world.data, "backups", "now.unfinished"), { recursive: true });
    const report = await examine({ TESSERA_DATA: world.data });
    expect(report.one("leftovers")).toMatchObject({
      status: "warning",
      text: "interrupted commands have left restore-1, backups/now.unfinished",
    });
  });
});

describe("settings", () => {
  test("wrong ones are all that is told", async () => {
    const report = await examine({ TESSERA_PROT: "1", TESSERA_MAX_PLAYERS: "many" });
    expect(report.of("settings").map(({ text }) => text)).toEqual([
      "cannot use TESSERA_PROT: there is no such setting; did you mean TESSERA_PORT?",
      'cannot use TESSERA_MAX_PLAYERS="many": allowed is a whole number from 1 to 65536',
    ]);
    expect(report.ok).toBe(false);
  });

  test("secrets: none in production, a weak one, one that others may read", async () => {
    using world = createData();
    const none = await examine({ TESSERA_DATA: world.data, NODE_ENV: "production" });
    expect(none.one("cluster secret")).toMatchObject({ status: "problem" });
    const settings = { TESSERA_DATA: world.data, TESSERA_CLUSTER_SECRET: "secret" };
    const weak = await examine(settings);
    expect(weak.one("cluster secret")).toMatchObject({ status: "warning" });
    expect(JSON.stringify(weak)).not.toContain('"secret"');
    writeFileSync(join(world.data, "cluster-secret"), `${"x1y2z3".repeat(7)}\n`, { mode: 0o644 });
    const open = await examine({ TESSERA_DATA: world.data });
    expect(open.one("rights")?.text).toContain("cluster-secret");
  });

  test("a port that another program holds", async () => {
    using world = createData();
    using holder = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("x") });
    const settings = { TESSERA_DATA: world.data, TESSERA_PORT: String(holder.port) };
    const check = `port ${holder.port}`;
    expect((await examine(settings)).one(check)).toMatchObject({ status: "warning" });
    const production = await examine({ ...settings, NODE_ENV: "production" });
    expect(production.one(check)).toMatchObject({ status: "problem" });
  });
});

describe("libSQL servers", () => {
  test("one that answers, one that refuses the token, one that is away", async () => {
    using world = createData();
    await using sqld = await startSqld();
    const { url } = sqld.primary;
    const ask = async (place: string, token: string) =>
      (
        await examine({
          TESSERA_DATA: world.data,
          TESSERA_LIBSQL_URL: place,
          TESSERA_LIBSQL_TOKEN: token,
        })
      ).of("libSQL server");
    const [well, ...none] = await ask(url, sqld.token);
    expect(well?.text).toMatch(/^http:\S+ answers in \d+ ms$/);
    expect(none).toEqual([]);
    const readOnly = await ask(url, sqld.readToken);
    expect(readOnly.map(({ status }) => status)).toEqual(["ok", "problem"]);
    expect(readOnly[1]?.text).toBe("the token may only read");
    const [refused] = await ask(url, sqld.wrongToken);
    expect(refused).toMatchObject({ status: "problem", text: `${url} refuses the token` });
    const [away] = await ask("http://127.0.0.1:9", sqld.token);
    expect(away?.text).toStartWith("http://127.0.0.1:9 cannot be reached: ");
    expect(away?.fix).toContain("bun run services");
  }, 30_000);

  test("a token that runs out soon, and one that has", async () => {
    for (const [exp, text, status] of [
      ["2h", "the token runs out in 0.1 days", "warning"],
      ["-1h", "the token has run out", "problem"],
    ] as const) {
      const token = await new SignJWT({ a: "ro" })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime(exp)
        .sign(new TextEncoder().encode("any"));
      const report = await examine({
        TESSERA_STANDBY_URL: "http://127.0.0.1:9",
        TESSERA_STANDBY_TOKEN: token,
      });
      expect(report.of("libSQL replica")[1]).toMatchObject({ status, text });
    }
  });
});

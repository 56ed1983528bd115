import { describe, expect, test } from "bun:test";
import { createTestServer, readCredentials, readError } from "../../testing/test-server.ts";

const ROOT = { username: "Root", password: "correct horse" };

describe("security 3: auth.setUp", () => {
  test("there is no account before, and the link makes one administrator, once", async () => {
    await using server = await createTestServer();
    const { database, setUpLink } = server.deps;
    const { rows } = await database.client.execute("SELECT count(*) FROM players");
    expect(rows[0]?.[0]).toBe(0);
    const token = await setUpLink.open(database);
    const setUp = (username: string) =>
      server.call("POST", "/api/auth/set-up", { body: { ...ROOT, token, username } });
    const answers = await Promise.all([setUp("Root"), setUp("Eve"), setUp("Bob")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const done = answers.find(({ status }) => status === 200);
    if (done === undefined) throw new Error("nobody was first");
    const { player, accessToken } = readCredentials(done);
    expect(player).toMatchObject({ role: "admin", guest: false });
    const leases = await server.call("GET", "/api/leases", { token: accessToken });
    expect(leases.status).toBe(200);
    expect(readError(await setUp("Late")).message).toContain("the link is used");
    expect(await setUpLink.open(database)).toBeUndefined();
    const log = await database.client.execute("SELECT event, target_id FROM audit_log");
    expect(log.rows.map((row) => [row[0], row[1]])).toEqual([["deployment.set-up", player.id]]);
  });

  test("a token of an earlier start and a guessed one are refused", async () => {
    await using server = await createTestServer();
    const { database, setUpLink } = server.deps;
    const before = await setUpLink.open(database);
    await setUpLink.open(database);
    for (const token of [before, "guess"]) {
      const body = { ...ROOT, token };
      const answer = await server.call("POST", "/api/auth/set-up", { body });
      expect(readError(answer).code).toBe("FORBIDDEN");
    }
  });

  test("without an open link nothing is a token", async () => {
    await using server = await createTestServer();
    const body = { ...ROOT, token: "any" };
    expect((await server.call("POST", "/api/auth/set-up", { body })).status).toBe(403);
  });
});

test("the page that links lead to allows its own files and nothing else", async () => {
  await using server = await createTestServer();
  const page = await server.call("GET", "/account");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toStartWith("default-src 'none'; script");
  for (const [, path] of String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect((await server.call("GET", path ?? "")).status).toBe(200);
  }
});

import { expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { startSqld } from "#shared/testing/sqld.ts";
import { DatabaseHealth, PROBE_MS_MAX } from "./database-health.ts";
import { createTestServer, readError, type TestServer } from "./testing/test-server.ts";

const AWAY = "cannot complete the request: the database is busy or away; try again in 2 s";

async function lookAt(server: TestServer): Promise<unknown[]> {
  const health = await server.call("GET", "/health");
  const ready = await server.call("GET", "/ready");
  return [health.status, health.body, ready.status, ready.body];
}

const well = [200, expect.objectContaining({ status: "ok" }), 200, { status: "ready" }];

test("a database that is away is 503, shows, and is used again when it is back", async () => {
  await using sqld = await startSqld();
  const place = sqld.primary.url;
  await using server = await createTestServer({ place, authToken: sqld.token });
  const { accessToken: token } = await server.guest();
  expect(await lookAt(server)).toEqual(well);
  await sqld.primary.kill();
  server.clock.advance(2_000);
  for (const [method, path] of [
    ["GET", "/api/worlds"],
    ["GET", "/api/players/me"],
    ["GET", "/trpc/players.me"],
    ["POST", "/api/auth/guest"],
  ] as const) {
    const answer = await server.call(method, path, { token });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(JSON.stringify(answer.body)).toContain(AWAY);
    expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|fetch|select|stack/i);
  }
  const reason = "the control database does not answer";
  const ill = expect.objectContaining({ status: "degraded", reason });
  expect(await lookAt(server)).toEqual([200, ill, 503, { status: "not ready", reason }]);
  await sqld.primary.restart();
  server.clock.advance(10_000);
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  expect(await lookAt(server)).toEqual(well);
  expect(server.log.join("\n")).toContain("control database is well again");
});

test("one that is frozen is told of after 3 s, and used again when it goes on", async () => {
  await using sqld = await startSqld();
  const place = sqld.primary.url;
  const requestMsMax = 300;
  await using server = await createTestServer({ place, authToken: sqld.token, requestMsMax });
  const { accessToken: token } = await server.guest();
  expect(await lookAt(server)).toEqual(well);
  sqld.primary.freeze();
  server.clock.advance(2_000);
  const health = server.call("GET", "/health");
  await turns();
  server.clock.advance(PROBE_MS_MAX);
  const reason = "the control database does not answer";
  expect((await health).body).toMatchObject({ status: "degraded", reason });
  expect((await server.call("GET", "/ready")).status).toBe(503);
  const refused = await server.call("GET", "/api/players/me", { token });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
  sqld.primary.thaw();
  server.clock.advance(10_000);
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  expect(await lookAt(server)).toEqual(well);
});

test("a database that owes an answer is not asked another, however often one looks", async () => {
  const clock = new FakeClock();
  let questions = 0;
  const execute = () => {
    questions += 1;
    return new Promise<never>(() => undefined);
  };
  const log = createLog({ process: "server", write: () => undefined });
  const database = { client: { execute } };
  const health = new DatabaseHealth({ database, clock, log });
  const looks = [health.trouble(), health.trouble()];
  await turns();
  clock.advance(PROBE_MS_MAX);
  for (let look = 0; look < 10; look++) {
    clock.advance(2_000);
    looks.push(health.trouble());
  }
  expect(new Set(await Promise.all(looks))).toEqual(
    new Set(["the control database does not answer"]),
  );
  expect(questions).toBe(1);
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("a full database refuses writes with 503 until there is room, and answers", async () => {
  await using server = await createTestServer();
  const { accessToken: token } = await server.guest();
  const { client } = server.deps.database;
  const pages = await client.execute("PRAGMA page_count");
  await client.execute(`PRAGMA max_page_count = ${pages.rows[0]?.[0]}`);
  const refused = await fillUntilRefused(server);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(readError(refused)).toMatchObject({ code: "UNAVAILABLE", message: AWAY });
  expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  const reason = "the control database takes no writes";
  const ill = expect.objectContaining({ status: "degraded", reason });
  expect(await lookAt(server)).toEqual([200, ill, 503, { status: "not ready", reason }]);
  await client.execute("PRAGMA max_page_count = 1000000");
  expect((await server.call("POST", "/api/auth/guest", {})).status).toBe(200);
  server.clock.advance(6_000);
  expect(await lookAt(server)).toEqual(well);
});

/** What is free within the pages that there are is used first. */
async function fillUntilRefused(server: TestServer) {
  for (let tries = 0; tries < 150; tries++) {
    const answer = await server.call("POST", "/api/auth/guest", {});
    if (answer.status !== 200) return answer;
  }
  throw new Error("the database never got full");
}

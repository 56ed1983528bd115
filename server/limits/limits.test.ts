import { describe, expect, test } from "bun:test";
import { createTRPCClient, httpBatchStreamLink, TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { AppRouter } from "../app-router.ts";
import { BATCH_CALLS_MAX } from "../http/trpc-handler.ts";
import {
  createTestServer,
  readError,
  TEST_CLUSTER_SECRET,
  type TestServer,
} from "../testing/test-server.ts";
import { limitClasses } from "./limit-classes.ts";
import { LIMITED_KEYS_MAX, MemoryRateLimiter } from "./memory-rate-limiter.ts";

const { api, auth, page, webhook } = limitClasses;

/** From one address unless told otherwise. */
async function callTimes(server: TestServer, count: number, token?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let call = 0; call < count; call++) {
    const given = token === undefined ? {} : { token };
    statuses.push((await server.call("GET", "/api/worlds", given)).status);
  }
  return statuses;
}

describe("security 7: limits", () => {
  test("an answer tells what is left, one call too many is 429 until the time told", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const first = await server.call("GET", "/api/players/me", { token });
    expect(first.headers.get("ratelimit-policy")).toBe(
      '"api-address";q=1000;w=60, "api-account";q=100;w=60',
    );
    expect(first.headers.get("ratelimit")).toBe('"api-address";r=999;t=1, "api-account";r=99;t=1');
    expect(first.headers.has("retry-after")).toBe(false);
    expect(new Set(await callTimes(server, 99, token))).toEqual(new Set([200]));
    const refused = await server.call("GET", "/api/players/me", { token });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(refused.headers.get("ratelimit")).toEndWith('"api-account";r=0;t=60');
    expect(readError(refused)).toMatchObject({
      code: "RATE_LIMITED",
      message: "cannot take the call: too many calls from this account; try again in 1 s",
    });
    server.clock.advance(1_000);
    expect((await server.call("GET", "/api/players/me", { token })).status).toBe(200);
  });

  test("an account is limited wherever it calls from, an address whoever calls", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    for (let call = 0; call < api.account.quota; call++) {
      const headers = { "x-test-address": `198.51.100.${call}` };
      const { status } = await server.call("GET", "/trpc/players.me", { token, headers });
      expect(status).toBe(200);
    }
    const { accessToken: other } = await server.guest();
    expect((await callTimes(server, 1, token))[0]).toBe(429);
    expect((await callTimes(server, 1, other))[0]).toBe(200);
    await callTimes(server, api.address.quota);
    expect((await callTimes(server, 1))[0]).toBe(429);
    expect((await callTimes(server, 1, other))[0]).toBe(429);
    const elsewhere = { headers: { "x-test-address": "203.0.113.1" } };
    expect((await server.call("GET", "/api/worlds", elsewhere)).status).toBe(200);
  });

  test("each call of a batch counts, and a batch passes whole or not at all", async () => {
    await using server = await createTestServer();
    const { accessToken: token } = await server.guest();
    const batch = (count: number) => {
      const names = Array(count).fill("players.me").join(",");
      return server.call("GET", `/trpc/${names}?batch=1&input=%7B%7D`, { token });
    };
    const first = await batch(BATCH_CALLS_MAX);
    expect(first.headers.get("ratelimit")).toContain('"api-account";r=90;');
    for (let call = 0; call < 8; call++) expect((await batch(BATCH_CALLS_MAX)).status).toBe(200);
    expect((await batch(9)).status).toBe(200);
    const refused = await batch(2);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await batch(1)).status).toBe(200);
  });

  test("logging in and making accounts have a limit of their own", async () => {
    await using server = await createTestServer();
    const body = { username: "nobody", password: "x" };
    for (let call = 0; call < auth.address.quota; call++) {
      await server.call("POST", "/api/auth/log-in", { body: { ...body, username: `n${call}` } });
    }
    const refused = await server.call("POST", "/trpc/auth.logIn", { body: { json: body } });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("ratelimit-policy")).toBe('"auth-address";q=200;w=200');
    expect(JSON.stringify(refused.body)).toContain('"appCode":"RATE_LIMITED"');
    expect((await callTimes(server, 1))[0]).toBe(200);
  }, 60_000);

  test("a client's streamed batch is told in the words of any other error", async () => {
    await using server = await createTestServer();
    await callTimes(server, api.address.quota);
    const link = httpBatchStreamLink({
      url: "http://server.test/trpc",
      transformer: superjson,
      fetch: (input, init) => server.app.handle(new Request(String(input), init as RequestInit)),
    });
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const error = await client.worlds.list.query().catch((caught: unknown) => caught);
    if (!(error instanceof TRPCClientError)) throw new Error(`expected a refusal, got ${error}`);
    expect(error.data).toMatchObject({ appCode: "RATE_LIMITED", retryAfterSeconds: 1 });
  });

  test("a subscription that is one too many says so in its stream", async () => {
    await using server = await createTestServer();
    await callTimes(server, api.address.quota);
    const input = encodeURIComponent('{"json":{"worldId":"arena"}}');
    const { body } = await server.call("GET", `/trpc/worlds.watchPopulation?input=${input}`);
    expect(body).toContain('"appCode":"RATE_LIMITED"');
  });

  const unknown = { "x-test-address": "203.0.113.7" };
  const pages = [
    ["GET", "/health"],
    ["GET", "/ready"],
    ["GET", "/metrics"],
    ["GET", "/.well-known/jwks.json"],
    ["GET", "/shards"],
    ["GET", "/api/openapi.json"],
    ["GET", "/account"],
    ["GET", "/docs"],
    ["GET", "/nowhere"],
    ["POST", "/api/nowhere"],
  ] as const;
  test.each(pages)("%s %s counts by address, and is refused like a call", async (method, path) => {
    await using server = await createTestServer({ limitFactor: 0.001 });
    const given = { headers: unknown };
    for (let count = 0; count < page.address.quota / 1_000; count++) {
      expect((await server.call(method, path, given)).status).not.toBe(429);
    }
    const refused = await server.call(method, path, given);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "20"]);
    expect(refused.headers.get("ratelimit-policy")).toBe('"page-address";q=3;w=60');
    expect(refused.headers.get("x-content-type-options")).toBe("nosniff");
    expect(readError(refused).code).toBe("RATE_LIMITED");
    expect((await server.call(method, path)).status).not.toBe(429);
    const token = TEST_CLUSTER_SECRET;
    expect((await server.call(method, path, { ...given, token })).status).not.toBe(429);
  });

  test("webhooks of others have a limit of their own, before they are verified", async () => {
    await using server = await createTestServer({
      limitFactor: 0.05,
      inboundSecret: `whsec_${btoa("0123456789abcdef0123456789abcdef")}`,
    });
    for (let count = 0; count < webhook.address.quota / 20; count++) {
      expect((await server.call("POST", "/webhooks", { body: {} })).status).toBe(401);
    }
    const refused = await server.call("POST", "/webhooks", { body: {} });
    expect([refused.status, refused.headers.get("ratelimit-policy")]).toEqual([
      429,
      '"webhook-address";q=6;w=60',
    ]);
    expect((await server.call("GET", "/health")).status).toBe(200);
  });

  test("processes of the deployment and this machine itself are not limited", async () => {
    await using server = await createTestServer();
    const token = TEST_CLUSTER_SECRET;
    const many = api.address.quota + 1;
    expect(new Set(await callTimes(server, many, token))).toEqual(new Set([200]));
    const headers = { "x-test-address": "127.0.0.1" };
    for (let call = 0; call < many; call++) {
      expect((await server.call("GET", "/api/worlds", { headers })).status).toBe(200);
    }
  });

  test("what was refused is counted for operators", async () => {
    await using server = await createTestServer();
    await callTimes(server, api.address.quota + 3);
    expect((await server.call("GET", "/metrics")).body).toContain(
      'tessera_limited_requests_total{class="api",by="address",process="server"} 3',
    );
  });
});

test("every quota lets a full batch pass", () => {
  for (const { address, account } of Object.values(limitClasses)) {
    expect(Math.min(address.quota, account.quota)).toBeGreaterThanOrEqual(BATCH_CALLS_MAX);
  }
});

test("memory holds so many callers; the one that called longest ago starts anew", () => {
  const limiter = new MemoryRateLimiter(new FakeClock());
  const policy = { quota: 1, windowSeconds: 60 };
  const take = (key: string) => limiter.take({ key, policy, count: 1 }).allowed;
  expect([take("a"), take("a"), take("b")]).toEqual([true, false, true]);
  expect(take("a")).toBe(false);
  for (let key = 0; key < LIMITED_KEYS_MAX - 1; key++) take(String(key));
  expect([take("a"), take("b")]).toEqual([false, true]);
});

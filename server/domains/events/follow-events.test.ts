import { expect, test } from "bun:test";
import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import { EventSource } from "eventsource";
import superjson from "superjson";
import { Credentials } from "#shared/model/auth.ts";
import { FollowEventsInput } from "#shared/model/events.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import type { AppRouter } from "../../app-router.ts";
import { registerAs } from "../../testing/register-as.ts";
import { spawnServer } from "../../testing/server-process.ts";
import { createTestServer, type TestServer } from "../../testing/test-server.ts";
import { followEvents } from "./follow-events.ts";
import { trimEvents } from "./trim-events.ts";

async function follow(server: TestServer, by: Credentials, input: object = {}) {
  const actor = await server.deps.authenticate(by.accessToken);
  const given = FollowEventsInput.parse(input);
  return followEvents(server.deps, { actor, signal: undefined }, given);
}

async function nextType(stream: Awaited<ReturnType<typeof follow>>): Promise<string> {
  const { value } = await stream.next();
  return value === undefined ? "ended" : value[1].type;
}

test("tells of what comes after, of what the caller may see", async () => {
  await using server = await createTestServer();
  const admin = await registerAs(server, "admin");
  const ada = await server.guest();
  const stream = await follow(server, ada);
  const next = nextType(stream);
  await server.call("POST", "/api/admin/events", {
    token: admin.accessToken,
    body: { type: "world.saved", data: { tick: 1 } },
  });
  await server.guest("Eve");
  await server.call("PATCH", "/api/players/me", {
    token: ada.accessToken,
    body: { displayName: "Grace" },
  });
  expect(await next).toBe("player.renamed");
  await stream.return();
});

test("an end of the login ends the stream", async () => {
  await using server = await createTestServer();
  const ada = await server.guest();
  const stream = await follow(server, ada, { types: "player.renamed" });
  const next = nextType(stream);
  await server.call("POST", "/api/auth/log-out", { body: ada });
  await expect(next).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});

test("a stop of the server fails it, so that clients come back", async () => {
  await using server = await createTestServer();
  const stream = await follow(server, await server.guest());
  const next = nextType(stream);
  server.stopping.abort();
  await expect(next).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a place of which the next events are gone is refused instead of a gap", async () => {
  await using server = await createTestServer();
  const ada = await server.guest();
  const { client } = server.deps.database;
  await until("the relay", async () => {
    const { rows } = await client.execute("SELECT number FROM event_cursors WHERE number = 2");
    return rows.length > 0;
  });
  server.clock.advance(1_000);
  await trimEvents(server.deps, 0);
  const stream = await follow(server, ada, { after: "1" });
  await expect(stream.next()).rejects.toThrow("cannot follow events from 1: those up to 2 are not");
});

test("over server-sent events nothing is missed or doubled when the server is killed", async () => {
  using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path, TESSERA_LOG_LEVEL: "warning" };
  let server = spawnServer(environment);
  const url = await server.ready;
  const ada = await post(`${url}/api/auth/guest`, { displayName: "Ada" });
  const { accessToken } = Credentials.parse(ada);
  const seen: string[] = [];
  const names: string[] = [];
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${url}/trpc`,
        transformer: superjson,
        EventSource,
        eventSourceOptions: () => ({
          fetch: (input, init) =>
            fetch(input, { ...init, headers: withToken(init?.headers, accessToken) }),
        }),
      }),
    ],
  });
  const rename = async () => {
    const displayName = `Ada ${names.length}`;
    const headers = { authorization: `Bearer ${accessToken}` };
    await post(`${url}/api/players/me`, { displayName }, { method: "PATCH", headers });
    names.push(displayName);
  };
  const subscription = client.events.follow.subscribe(
    { types: "player.renamed", after: "0" },
    { onData: ({ data }) => seen.push(String(data.data.displayName)) },
  );
  try {
    for (let count = 0; count < 3; count++) await rename();
    await until("three names", () => seen.length === 3);
    server.kill("SIGKILL");
    await server.end();
    server = spawnServer({ ...environment, TESSERA_PORT: new URL(url).port });
    expect(await server.ready).toBe(url);
    for (let count = 0; count < 3; count++) await rename();
    await until("six names", () => seen.length >= 6);
    expect(seen).toEqual(names);
  } finally {
    subscription.unsubscribe();
    await server[Symbol.asyncDispose]();
  }
}, 60_000);

function withToken(
  headers: Record<string, string> | undefined,
  token: string,
): Record<string, string> {
  return { ...headers, authorization: `Bearer ${token}` };
}

async function post(url: string, body: object, more: RequestInit = {}): Promise<unknown> {
  const headers = { "content-type": "application/json", ...more.headers };
  const response = await fetch(url, {
    method: "POST",
    ...more,
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

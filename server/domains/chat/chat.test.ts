import { describe, expect, test } from "bun:test";
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { EventSource } from "eventsource";
import superjson from "superjson";
import type { Credentials } from "#shared/model/auth.ts";
import { CHAT_DAYS, ChatPage, FollowChatInput } from "#shared/model/chat.ts";
import { until } from "#shared/testing/until.ts";
import type { AppRouter } from "../../app-router.ts";
import { registerAs } from "../../testing/register-as.ts";
import { createTestServer, readError, type TestServer } from "../../testing/test-server.ts";
import { followMessages } from "./follow-messages.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

async function start() {
  const server = await createTestServer();
  return {
    ...{ server, ada: await server.guest("Ada"), ben: await server.guest("Ben") },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

const say = (server: TestServer, by: Credentials, text: string, to?: Credentials) =>
  server.call("POST", "/api/chat/messages", {
    token: by.accessToken,
    body: {
      text,
      ...(to === undefined
        ? { channel: "global" }
        : { channel: "private", playerId: to.player.id }),
    },
  });

async function read(server: TestServer, by: Credentials, query = "channel=global") {
  const token = by.accessToken;
  const answer = await server.call("GET", `/api/chat/messages?${query}`, { token });
  return ChatPage.parse(answer.body);
}

async function textsOf(server: TestServer, by: Credentials, query?: string): Promise<string[]> {
  return (await read(server, by, query)).messages.map(({ text }) => text);
}

const block = (server: TestServer, by: Credentials, whom: Credentials, method = "PUT") =>
  server.call(method, `/api/chat/blocks/${whom.player.id}`, {
    token: by.accessToken,
    ...(method === "PUT" && { body: {} }),
  });

async function follow(server: TestServer, by: Credentials, input: object = {}) {
  const actor = await server.deps.authenticate(by.accessToken);
  const stream = followMessages(
    server.deps,
    { actor, signal: undefined },
    FollowChatInput.parse(input),
  );
  return {
    next: async () => {
      const { value } = await stream.next();
      return value === undefined ? "ended" : value[1].text;
    },
    end: () => stream.return(),
  };
}

describe("channels", () => {
  test("what is said to all is read by all, page by page, the newest first", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    for (const text of ["one", "two", "three"]) {
      expect((await say(server, ada, text)).status).toBe(200);
    }
    const first = await read(server, ben, "channel=global&limit=2");
    expect(first.messages.map(({ text }) => text)).toEqual(["three", "two"]);
    expect(first.messages[0]).toMatchObject({
      ...{ channel: "global", senderId: ada.player.id, senderName: "Ada", recipientId: null },
    });
    await say(server, ada, "four");
    const rest = await read(server, ben, `channel=global&limit=2&cursor=${first.nextCursor}`);
    expect(rest.messages.map(({ text }) => text)).toEqual(["one"]);
    expect(rest.nextCursor).toBeNull();
  });

  test("security 1: what is said in private is read by the two alone", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    const eve = await server.guest("Eve");
    await say(server, ada, "a secret", ben);
    const withAda = `channel=private&playerId=${ada.player.id}`;
    const withBen = `channel=private&playerId=${ben.player.id}`;
    expect(await textsOf(server, ben, withAda)).toEqual(["a secret"]);
    expect(await textsOf(server, ada, withBen)).toEqual(["a secret"]);
    expect(await textsOf(server, eve, withAda)).toEqual([]);
    expect(await textsOf(server, eve, withBen)).toEqual([]);
    const stream = await follow(server, eve, { after: "0" });
    const next = stream.next();
    await say(server, ben, "hello all");
    expect(await next).toBe("hello all");
    await stream.end();
    const sql = "SELECT group_concat(data) FROM events WHERE type = 'chat.message'";
    const { rows } = await server.deps.database.client.execute(sql);
    expect(String(rows[0]?.[0])).not.toContain("secret");
    expect(String(rows[0]?.[0])).toContain("hello all");
  });

  test("security 1: only staff speaks for the system, even to who blocks it", async () => {
    await using house = await start();
    const { server, ada } = house;
    const staff = await registerAs(server, "moderator");
    const announce = (by: Credentials) =>
      server.call("POST", "/api/chat/announcements", {
        token: by.accessToken,
        body: { text: "restart at noon" },
      });
    expect((await announce(ada)).status).toBe(403);
    const direct = await server.call("POST", "/api/chat/messages", {
      token: ada.accessToken,
      body: { channel: "system", text: "free gold" },
    });
    expect(direct.status).toBe(400);
    await block(server, ada, staff);
    expect((await announce(staff)).status).toBe(200);
    expect(await textsOf(server, ada, "channel=system")).toEqual(["restart at noon"]);
  });

  test("a private channel needs another player who is there", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    const send = (body: object) =>
      server.call("POST", "/api/chat/messages", {
        token: ada.accessToken,
        body: { text: "hi", ...body },
      });
    const nobody = ada.player.id.replace(/^.{8}/, "01900000");
    expect((await send({ channel: "private" })).status).toBe(400);
    expect((await send({ channel: "global", playerId: ben.player.id })).status).toBe(400);
    expect((await send({ channel: "private", playerId: ada.player.id })).status).toBe(400);
    expect((await send({ channel: "private", playerId: nobody })).status).toBe(404);
  });

  test(`messages are forgotten after ${CHAT_DAYS} days`, async () => {
    await using house = await start();
    const { server, ada } = house;
    await say(server, ada, "old");
    server.clock.advance(CHAT_DAYS * DAY_MS + 1);
    const ben = await server.guest("Ben");
    await say(server, ben, "new");
    expect(await textsOf(server, ben)).toEqual(["new"]);
    const stream = await follow(server, ben, { after: "0" });
    await expect(stream.next()).rejects.toThrow("cannot follow the chat from 0: those up to 1");
  });
});

test.each([
  ["line breaks", "a\nb"],
  ["control characters", "a\u0007b"],
  ["marks that turn the direction", "abc\u202egnp.exe"],
  ["isolates", "a\u2066b\u2069"],
  ["piled marks", `z${"\u0301".repeat(9)}`],
  ["nothing but blanks", " \u3000 "],
  ["301 characters", "a".repeat(301)],
  ["too many bytes", "🐉".repeat(2_000)],
])("%s are refused", async (_, text) => {
  await using house = await start();
  expect((await say(house.server, house.ada, text)).status).toBe(400);
});

test.each(["مرحبا", "می‌خواهم", "👩‍🚀 ❤️", "  trimmed  ", "🐉".repeat(300)])(
  "%s is taken",
  async (text) => {
    await using house = await start();
    expect((await say(house.server, house.ada, text)).status).toBe(200);
    expect(await textsOf(house.server, house.ben)).toEqual([text.normalize("NFC").trim()]);
  },
);

test("security 7: who says too much waits", async () => {
  await using house = await start();
  const { server, ada, ben } = house;
  for (let count = 0; count < 20; count++) await say(server, ada, `line ${count}`);
  const refused = await say(server, ada, "one more");
  expect(readError(refused).code).toBe("RATE_LIMITED");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await say(server, ben, "hello")).status).toBe(200);
});

describe("blocks", () => {
  test("hide a player and end what the two write to each other", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    await say(server, ben, "buy gold");
    expect((await block(server, ada, ben)).body).toEqual({ blocked: true });
    expect((await block(server, ada, ben)).body).toEqual({ blocked: true });
    expect(await textsOf(server, ada)).toEqual([]);
    expect(await textsOf(server, ben)).toEqual(["buy gold"]);
    expect(readError(await say(server, ben, "psst", ada))).toEqual({
      code: "FORBIDDEN",
      message: "cannot send the message: this player takes no messages from you",
    });
    expect(readError(await say(server, ada, "psst", ben)).message).toContain("unblock it first");
    const list = await server.call("GET", "/api/chat/blocks", { token: ada.accessToken });
    expect(list.body).toMatchObject({ players: [{ playerId: ben.player.id, displayName: "Ben" }] });
    expect((await block(server, ada, ben, "DELETE")).body).toEqual({ blocked: false });
    expect(await textsOf(server, ada)).toEqual(["buy gold"]);
    expect((await say(server, ben, "psst", ada)).status).toBe(200);
  });

  test("are of players who are there, and not of oneself", async () => {
    await using house = await start();
    const { server, ada } = house;
    expect((await block(server, ada, ada)).status).toBe(400);
    const player = { ...ada.player, id: "0190a0a0-0000-7000-8000-000000000001" };
    const path = `/api/chat/blocks/${player.id}`;
    const answer = await server.call("PUT", path, { token: ada.accessToken, body: {} });
    expect(answer.status).toBe(404);
  });
});

describe("mutes", () => {
  test("let a player read and not speak until they end; audited", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    const staff = await registerAs(server, "moderator");
    const mute = (by: Credentials, whom: Credentials, more: object = {}) =>
      server.call("PUT", `/api/chat/mutes/${whom.player.id}`, {
        token: by.accessToken,
        body: { reason: "spam", ...more },
      });
    expect((await mute(ada, ben)).status).toBe(403);
    expect((await mute(staff, staff)).status).toBe(403);
    expect((await mute(staff, ben, { seconds: 60 })).status).toBe(200);
    const refused = readError(await say(server, ben, "hello"));
    expect(refused.message).toMatch(/^cannot send the message: you are muted until 20.*Z: spam$/);
    expect((await say(server, ben, "hello", ada)).status).toBe(403);
    server.clock.advance(60_000);
    expect((await say(server, ben, "hello")).status).toBe(200);
    expect((await mute(staff, ben)).body).toEqual({ muted: true, endsAt: null });
    expect(readError(await say(server, ben, "hello")).message).toContain("for ever: spam");
    const path = `/api/chat/mutes/${ben.player.id}`;
    const token = staff.accessToken;
    expect((await server.call("DELETE", path, { token })).body).toEqual({ unmuted: true });
    expect((await say(server, ben, "back")).status).toBe(200);
    expect(await textsOf(server, ben)).toEqual(["back", "hello"]);
    const { rows } = await server.deps.database.client.execute("SELECT event FROM audit_log");
    expect(rows.map((row) => row[0])).toEqual(["chat.muted", "chat.muted", "chat.unmuted"]);
  });
});

describe("following", () => {
  test("tells of what is said from now on, and goes on where it was left", async () => {
    await using house = await start();
    const { server, ada, ben } = house;
    await say(server, ada, "before");
    const stream = await follow(server, ben);
    const next = stream.next();
    const { body } = await say(server, ada, "now");
    expect(await next).toBe("now");
    await stream.end();
    await say(server, ada, "meanwhile");
    await say(server, ada, "to you", ben);
    const { cursor } = body as { cursor: string };
    const again = await follow(server, ben, { lastEventId: cursor });
    expect([await again.next(), await again.next()]).toEqual(["meanwhile", "to you"]);
    await again.end();
  });

  test("an end of the login ends the stream", async () => {
    await using house = await start();
    const { server, ben } = house;
    const stream = await follow(server, ben);
    const next = stream.next();
    await server.call("POST", "/api/auth/log-out", { body: ben });
    await expect(next).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  test("works over tRPC, with its subscription over server-sent events", async () => {
    await using house = await start();
    const { server, ada } = house;
    await using http = Bun.serve({ port: 0, fetch: (request) => server.app.handle(request) });
    const client = clientOf(String(http.url), ada);
    const seen: string[] = [];
    const subscription = client.chat.follow.subscribe(
      { channel: "global", after: "0" },
      { onData: ({ data }) => seen.push(data.text) },
    );
    try {
      await client.chat.send.mutate({ channel: "global", text: "one" });
      await client.chat.send.mutate({ channel: "global", text: "two" });
      await until("both messages", () => seen.length === 2);
      expect(seen).toEqual(["one", "two"]);
      const page = await client.chat.history.query({ channel: "global" });
      expect(page.messages.map(({ text }) => text)).toEqual(["two", "one"]);
    } finally {
      subscription.unsubscribe();
    }
  });
});

function clientOf(url: string, { accessToken }: Credentials) {
  const headers = { authorization: `Bearer ${accessToken}` };
  const common = { url: `${url}trpc`, transformer: superjson };
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: httpSubscriptionLink({
          ...common,
          EventSource,
          eventSourceOptions: () => ({
            fetch: (input, init) =>
              fetch(input, { ...init, headers: { ...init.headers, ...headers } }),
          }),
        }),
        false: httpLink({ ...common, headers }),
      }),
    ],
  });
}

import { expect, test } from "bun:test";
import { TOPIC_CHAT } from "#shared/infra/bus/bus.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { ChatPage, FollowChatInput } from "#shared/model/chat.ts";
import { Group } from "#shared/model/groups.ts";
import { registerAs } from "../../testing/register-as.ts";
import { type Answer, createTestServer, readError } from "../../testing/test-server.ts";
import { followMessages } from "./follow-messages.ts";

/** A group of Ada's that Ben is in and Eve is not. */
async function start(kind: "team" | "guild" = "team") {
  const server = await createTestServer({ limitFactor: 100 });
  const [ada, ben, eve] = [
    await server.guest("Ada"),
    await server.guest("Ben"),
    await server.guest("Eve"),
  ];
  const post = (by: Credentials, path: string, body: object = {}) =>
    server.call("POST", `/api/${path}`, { token: by.accessToken, body });
  const made = await post(ada, "groups", { kind, name: "Red Dragons", admission: "open" });
  const groupId = Group.parse(made.body).id;
  await post(ben, `groups/${groupId}/join`);
  const read = (by: Credentials, more = "", channel = kind) =>
    server.call("GET", `/api/chat/messages?channel=${channel}&groupId=${groupId}${more}`, {
      token: by.accessToken,
    });
  return {
    ...{ server, ada, ben, eve, groupId, post, read },
    say: (by: Credentials, text: string, channel = kind) =>
      post(by, "chat/messages", { channel, groupId, text }),
    leave: (by: Credentials) => post(by, `groups/${groupId}/leave`),
    textsOf: async (by: Credentials, more = "") =>
      ChatPage.parse((await read(by, more)).body).messages.map(({ text }) => text),
    async follow(by: Credentials, input: object = {}) {
      const actor = await server.deps.authenticate(by.accessToken);
      const given = FollowChatInput.parse(input);
      const stream = followMessages(server.deps, { actor, signal: undefined }, given);
      return {
        next: async () => {
          const { value } = await stream.next();
          return value === undefined ? "ended" : value[1].text;
        },
        end: () => stream.return(),
      };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}

const codeOf = (answer: Answer) => (answer.status === 200 ? "ok" : readError(answer).code);

test.each(["team", "guild"] as const)("a %s talks among itself, page by page", async (kind) => {
  await using house = await start(kind);
  const { ada, ben, groupId } = house;
  for (const text of ["one", "two", "three"]) {
    expect(codeOf(await house.say(ada, text))).toBe("ok");
  }
  const first = ChatPage.parse((await house.read(ben, "&limit=2")).body);
  expect(first.messages.map(({ text }) => text)).toEqual(["three", "two"]);
  expect(first.messages[0]).toMatchObject({
    ...{ channel: kind, groupId, senderName: "Ada", recipientId: null },
  });
  expect(await house.textsOf(ben, `&limit=2&cursor=${first.nextCursor}`)).toEqual(["one"]);
});

test("security 1: for others there is no such channel, nor under another kind", async () => {
  await using house = await start();
  const { server, ada, ben, eve, groupId } = house;
  await house.say(ada, "a secret");
  expect(codeOf(await house.say(eve, "let me in"))).toBe("NOT_FOUND");
  expect(codeOf(await house.read(eve))).toBe("NOT_FOUND");
  expect(codeOf(await house.say(ben, "hello", "guild"))).toBe("NOT_FOUND");
  expect(codeOf(await house.read(ben, "", "guild"))).toBe("NOT_FOUND");
  const own = await house.follow(eve, { groupId });
  await expect(own.next()).rejects.toMatchObject({ code: "NOT_FOUND" });
  const all = await house.follow(eve, { after: "0" });
  const next = all.next();
  await house.post(ben, "chat/messages", { channel: "global", text: "hello all" });
  expect(await next).toBe("hello all");
  await all.end();
  const report = { message: "1", reason: "insults" };
  expect(codeOf(await house.post(eve, "chat/reports", report))).toBe("NOT_FOUND");
  expect(codeOf(await house.post(ben, "chat/reports", report))).toBe("ok");
  const sql = "SELECT group_concat(data) FROM events WHERE type = 'chat.message'";
  const { rows } = await server.deps.database.client.execute(sql);
  expect(String(rows[0]?.[0])).toContain('"channel":"team","text":""');
  expect(String(rows[0]?.[0])).not.toContain("secret");
});

test.each([
  [{ channel: "team" }, "groupId must be there for the channels team and guild"],
  [{ channel: "global", groupId: true }, "groupId must be there for the channels team and guild"],
  [{ channel: "team", groupId: true, playerId: true }, "playerId must be there for the channel"],
])("%j is no place to say something", async (place, why) => {
  await using house = await start();
  const { ada, ben, groupId } = house;
  const ids = {
    ...("groupId" in place && { groupId }),
    ...("playerId" in place && { playerId: ben.player.id }),
  };
  const answer = await house.post(ada, "chat/messages", { text: "hi", ...place, ...ids });
  expect([answer.status, readError(answer).message]).toEqual([400, expect.stringContaining(why)]);
});

test("who leaves hears no more, also of what an open stream had read already", async () => {
  await using house = await start();
  const { ada, ben } = house;
  const stream = await house.follow(ben);
  const next = stream.next();
  await house.say(ada, "first");
  expect(await next).toBe("first");
  for (const text of ["second", "third", "fourth"]) await house.say(ada, text);
  expect(await stream.next()).toBe("second");
  await house.leave(ben);
  const after = stream.next();
  await house.say(ada, "he is gone");
  await house.post(ada, "chat/messages", { channel: "global", text: "to all" });
  expect(await after).toBe("to all");
  await stream.end();
  expect(codeOf(await house.say(ben, "still here"))).toBe("NOT_FOUND");
  expect(codeOf(await house.read(ben))).toBe("NOT_FOUND");
});

test("a stream of one group ends with the membership in it", async () => {
  await using house = await start();
  const { server, ada, ben, groupId } = house;
  const stream = await house.follow(ben, { channel: "team", groupId });
  const next = stream.next();
  await house.post(ada, "chat/messages", { channel: "global", text: "to all" });
  await house.say(ada, "to the team");
  expect(await next).toBe("to the team");
  const after = stream.next();
  const path = `/api/groups/${groupId}/members/${ben.player.id}`;
  expect((await server.call("DELETE", path, { token: ada.accessToken })).status).toBe(200);
  await expect(after).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what was said in a group goes with it", async () => {
  await using house = await start();
  const { server, ada, groupId } = house;
  await house.say(ada, "among us");
  await house.post(ada, "chat/messages", { channel: "global", text: "to all" });
  await server.call("DELETE", `/api/groups/${groupId}`, { token: ada.accessToken });
  const { rows } = await server.deps.database.client.execute("SELECT text FROM chat_messages");
  expect(rows.map(({ text }) => text)).toEqual(["to all"]);
});

test("shards are told whom a message is for: those who are in the group by then", async () => {
  await using house = await start("guild");
  const { server, ada, ben, eve, groupId } = house;
  const heard: (readonly [string, string, readonly string[]])[] = [];
  server.hub.subscribe(TOPIC_CHAT, ({ payload }) => {
    if (payload.case !== "chatSaid") return;
    const { channel, target, recipientIds } = payload.value;
    heard.push([channel, target, [...recipientIds].sort()]);
  });
  await house.say(ada, "one");
  await house.post(eve, `groups/${groupId}/join`);
  await house.leave(ben);
  await house.say(ada, "two");
  expect(heard).toEqual([
    ["guild", groupId, [ada.player.id, ben.player.id].sort()],
    ["guild", groupId, [ada.player.id, eve.player.id].sort()],
  ]);
});

test("blocks and mutes hold in groups too", async () => {
  await using house = await start();
  const { server, ada, ben } = house;
  await house.say(ada, "from Ada");
  const put = (by: Credentials, path: string, body: object = {}) =>
    server.call("PUT", `/api/chat/${path}`, { token: by.accessToken, body });
  await put(ben, `blocks/${ada.player.id}`);
  expect(await house.textsOf(ben)).toEqual([]);
  const staff = await registerAs(server, "moderator");
  await put(staff, `mutes/${ada.player.id}`, { reason: "spam", seconds: 60 });
  expect(readError(await house.say(ada, "hello")).message).toContain("you are muted");
  server.clock.advance(60_000);
  expect(codeOf(await house.say(ada, "hello"))).toBe("ok");
});

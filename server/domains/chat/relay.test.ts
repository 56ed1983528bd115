// What shards and the server say to each other: as shards call it, over REST and the bus.
import { expect, test } from "bun:test";
import { TOPIC_CHAT } from "#shared/infra/bus/bus.ts";
import { Relayed, Standings } from "#shared/model/chat-relay.ts";
import { PlayerId } from "#shared/model/ids.ts";
import { registerAs } from "../../testing/register-as.ts";
import {
  createTestServer,
  TEST_CLUSTER_SECRET,
  type TestServer,
} from "../../testing/test-server.ts";

const token = TEST_CLUSTER_SECRET;

interface Line {
  readonly by: string;
  readonly channel?: string;
  readonly target?: string;
  readonly text?: string;
}

async function relay(server: TestServer, ...lines: readonly Line[]) {
  const body = {
    lines: lines.map(({ by, channel = "global", target = "", text = "hello" }) => {
      return { playerId: by, channel, target, text };
    }),
  };
  const answer = await server.call("POST", "/api/chat/relay", { token, body });
  expect(answer.status).toBe(200);
  return Relayed.parse(answer.body).results;
}

/** What shards hear of it. */
function listen({ hub }: TestServer): object[] {
  const heard: object[] = [];
  hub.subscribe(TOPIC_CHAT, ({ payload }) => {
    if (payload.case === "chatSaid") {
      const { channel, senderName, text, target, recipientIds, official } = payload.value;
      heard.push({ channel, senderName, text, target, recipientIds, official });
    } else if (payload.case === "chatStandingChanged")
      heard.push({ standing: payload.value.playerId });
  });
  return heard;
}

test("what players say in game is kept, told to shards, and read over the API", async () => {
  await using server = await createTestServer();
  const [ada, ben] = [await server.guest("Ada"), await server.guest("Ben")];
  const heard = listen(server);
  const [toAll, toBen] = await relay(
    server,
    { by: ada.player.id, text: "to all" },
    { by: ada.player.id, channel: "private", target: ben.player.id, text: "to Ben" },
  );
  expect([toAll?.outcome, toBen?.outcome]).toEqual(["said", "said"]);
  const query = `channel=private&playerId=${ada.player.id}`;
  const read = await server.call("GET", `/api/chat/messages?${query}`, { token: ben.accessToken });
  expect(read.body).toMatchObject({ messages: [{ text: "to Ben", cursor: toBen?.cursor }] });
  const said = { senderName: "Ada", official: false };
  const both = [ada.player.id, ben.player.id];
  expect(heard).toEqual([
    { ...said, channel: "global", text: "to all", target: "", recipientIds: [] },
    { ...said, channel: "private", text: "to Ben", target: ben.player.id, recipientIds: both },
  ]);
  const over = { channel: "global", text: "over the API" };
  await server.call("POST", "/api/chat/messages", { token: ada.accessToken, body: over });
  expect(heard.at(-1)).toMatchObject({ senderName: "Ada", text: "over the API" });
});

test("each line that is refused says why, and the others are said", async () => {
  await using server = await createTestServer();
  const [ada, ben, eve] = [
    await server.guest("Ada"),
    await server.guest("Ben"),
    await server.guest("Eve"),
  ];
  const moderator = await registerAs(server, "moderator");
  const mute = { reason: "shouting", seconds: 60 };
  const path = `/api/chat/mutes/${eve.player.id}`;
  await server.call("PUT", path, { token: moderator.accessToken, body: mute });
  const blocks = `/api/chat/blocks/${ada.player.id}`;
  await server.call("PUT", blocks, { token: ben.accessToken, body: {} });
  const by = ada.player.id;
  const stranger = PlayerId.parse("01890000-0000-7000-8000-000000000000");
  const results = await relay(
    server,
    { by: eve.player.id },
    { by, channel: "private", target: ben.player.id },
    { by, channel: "private", target: stranger },
    { by, channel: "private" },
    { by, channel: "system" },
    { by, channel: "nowhere" },
    { by, text: "one\ntwo" },
    { by: stranger },
    { by },
  );
  expect(results.map(({ outcome }) => outcome)).toEqual([
    "muted",
    "forbidden",
    "notFound",
    "channel",
    "channel",
    "channel",
    "text",
    "notFound",
    "said",
  ]);
  expect(results[0]?.untilMs).toBe(server.clock.wallMs() + 60_000);
  expect(results[0]?.message).toContain("you are muted until 20");
  expect(results[6]?.message).toBe(
    "cannot send the message: text must not contain control characters, line breaks or marks " +
      "that turn the direction",
  );
});

test("security 7: what is said in game counts against the same limit as over the API", async () => {
  await using server = await createTestServer();
  const ada = await server.guest("Ada");
  const by = ada.player.id;
  const lines = Array.from({ length: 21 }, () => ({ by }));
  const results = await relay(server, ...lines);
  expect(results.filter(({ outcome }) => outcome === "said")).toHaveLength(20);
  expect(results.at(-1)).toMatchObject({ outcome: "tooFast", retryAfterMs: 3_000 });
});

test("a database that does not answer refuses at once what follows", async () => {
  await using server = await createTestServer();
  const ada = await server.guest("Ada");
  await server.deps.database.close();
  const results = await relay(server, { by: ada.player.id }, { by: ada.player.id });
  expect(results.map(({ outcome }) => outcome)).toEqual(["unavailable", "unavailable"]);
  expect(results[1]?.retryAfterMs).toBeGreaterThan(0);
});

test("shards are told of whom a mute or a block concerns, and ask", async () => {
  await using server = await createTestServer();
  const [ada, ben] = [await server.guest("Ada"), await server.guest("Ben")];
  const moderator = await registerAs(server, "moderator");
  const heard = listen(server);
  const path = `/api/chat/mutes/${ada.player.id}`;
  const body = { reason: "shouting", seconds: 60 };
  await server.call("PUT", path, { token: moderator.accessToken, body });
  const blocks = `/api/chat/blocks/${ada.player.id}`;
  await server.call("PUT", blocks, { token: ben.accessToken, body: {} });
  expect(heard).toEqual([{ standing: ada.player.id }, { standing: ben.player.id }]);
  const players = [ben.player.id, "visitor-1", ada.player.id];
  const ask = async () =>
    Standings.parse(
      (await server.call("POST", "/api/chat/standings", { token, body: { players } })).body,
    ).standings;
  const endsAtMs = server.clock.wallMs() + 60_000;
  expect(await ask()).toEqual([
    { playerId: ben.player.id, name: "Ben", mute: null, blocks: [ada.player.id] },
    { playerId: "visitor-1", name: "", mute: null, blocks: [] },
    { playerId: ada.player.id, name: "Ada", mute: { reason: "shouting", endsAtMs }, blocks: [] },
  ]);
  server.clock.advance(60_000);
  await server.call("DELETE", blocks, { token: ben.accessToken });
  expect(heard.at(-1)).toEqual({ standing: ben.player.id });
  expect((await ask()).map((one) => [one.mute, one.blocks])).toEqual(Array(3).fill([null, []]));
});

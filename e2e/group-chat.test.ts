// Guilds talk over the game socket and over the API alike, and nobody else hears: real processes.
import { expect, test } from "bun:test";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";
import { ChatRefusal } from "#proto/frame_pb.ts";
import type { Credentials } from "#shared/model/auth.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import { until } from "#shared/testing/until.ts";
import type { AppRouter } from "../server/app-router.ts";
import { spawnServer } from "../server/testing/server-process.ts";
import { GameClient } from "../shards/testing/game-client.ts";
import { ShardProcess } from "../shards/testing/shard-process.ts";

function connect(url: string, login?: Credentials) {
  const headers = login === undefined ? {} : { authorization: `Bearer ${login.accessToken}` };
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers })],
  });
}

async function say(client: GameClient, text: string, channel = "local", target = "") {
  const number = ++lastNumber;
  client.send({ case: "chat", value: { number, channel, target, text } });
  return await client.next("chatResult", (result) => result.number === number);
}
let lastNumber = 0;

/** All that a client hears up to a text, by channel. */
async function hearUpTo(client: GameClient, last: string): Promise<string[]> {
  const heard: string[] = [];
  while (!heard.some((line) => line.endsWith(` ${last}`))) {
    const { lines } = await client.next("chat");
    heard.push(...lines.map(({ channel, text }) => `${channel} ${text}`));
  }
  return heard.filter((line) => !line.startsWith("local "));
}

test("a guild hears what is said in it on the game socket, until one leaves", async () => {
  await using folder = createTempDir();
  const environment = { TESSERA_DATA: folder.path };
  await using server = spawnServer(environment);
  const url = await server.ready;
  await using _shard = new ShardProcess([], { ...environment, TESSERA_SERVER_URL: url });
  const isOnline = async () =>
    (await connect(url).worlds.get.query({ worldId: "arena" })).regions.some(
      ({ online }) => online,
    );
  await until("a shard", isOnline);
  const enter = async (displayName: string) => {
    const login = await connect(url).auth.guest.mutate({ displayName });
    const api = connect(url, login);
    const { address, ticket } = await api.worlds.join.mutate({ worldId: "arena" });
    const client = await GameClient.join(address, { ticket });
    // Who the player is becomes known a moment after it came in.
    while ((await say(client, "hello")).reason !== ChatRefusal.UNSPECIFIED);
    return { ...{ login, api, client }, [Symbol.dispose]: () => client.cut() };
  };
  using ada = await enter("Ada");
  using ben = await enter("Ben");
  using eve = await enter("Eve");
  const guild = { kind: "guild", name: "Red Dragons", admission: "open" } as const;
  const { id: groupId } = await ada.api.groups.create.mutate(guild);
  await ben.api.groups.join.mutate({ groupId });

  // Waiting for an answer passes over what is heard meanwhile: nothing has been said by now.
  expect((await say(eve.client, "let me in", "guild", groupId)).reason).toBe(ChatRefusal.NOT_FOUND);

  const line = { number: 1_000, channel: "guild", target: groupId, text: "in game" };
  ben.client.send({ case: "chat", value: line });
  expect(await hearUpTo(ada.client, "in game")).toEqual(["guild in game"]);
  await ada.api.chat.send.mutate({ channel: "guild", groupId, text: "by the API" });
  await ben.api.groups.leave.mutate({ groupId });
  await ada.api.chat.send.mutate({ channel: "guild", groupId, text: "he is gone" });
  await ada.api.chat.send.mutate({ channel: "global", text: "to all" });

  const toAda = ["guild by the API", "guild he is gone", "global to all"];
  expect(await hearUpTo(ada.client, "to all")).toEqual(toAda);
  const toBen = ["guild in game", "guild by the API", "global to all"];
  expect(await hearUpTo(ben.client, "to all")).toEqual(toBen);
  expect(await hearUpTo(eve.client, "to all")).toEqual(["global to all"]);
  const { messages } = await ada.api.chat.history.query({ channel: "guild", groupId });
  expect(messages.map(({ text }) => text)).toEqual(["he is gone", "by the API", "in game"]);
}, 60_000);

// Chat through real sockets, with gateways on threads of their own and the bus.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { ChatRefusal } from "#proto/frame_pb.ts";
import { TOPIC_CHAT } from "#shared/infra/bus/bus.ts";
import { TEXT_LENGTH_MAX } from "#shared/model/chat-text.ts";
import { LINES_AT_ONCE_MAX } from "#shared/net/talk-allowance.ts";
import { GameClient } from "../testing/game-client.ts";
import { PaperChat } from "../testing/paper-chat.ts";
import { ShardFixture } from "../testing/shard-fixture.ts";

const server = new PaperChat();
let shard: ShardFixture;
beforeAll(async () => {
  shard = await ShardFixture.start({ gateways: 2 });
  shard.chat = server;
  await shard.restart();
});
afterAll(async () => {
  await shard[Symbol.asyncDispose]();
});

async function enter(name: string): Promise<GameClient> {
  const ticket = await shard.ticket(name);
  return GameClient.join(shard.address, { ticket });
}

async function say(client: GameClient, text: string, channel = "local", target = "") {
  const number = ++lastNumber;
  client.send({ case: "chat", value: { number, channel, target, text } });
  return client.next("chatResult", (result) => result.number === number);
}
let lastNumber = 0;

/** Waits until it is known who the player is, a moment after it came in. */
async function introduce(client: GameClient): Promise<void> {
  while ((await say(client, "hello")).reason !== ChatRefusal.UNSPECIFIED);
}

async function heard(client: GameClient, text: string) {
  const chat = await client.next("chat", ({ lines }) => lines.some((line) => line.text === text));
  return chat.lines.find((line) => line.text === text);
}

test("what is said nearby is heard on every gateway, and what the bus brings as well", async () => {
  const clients = await Promise.all(["a", "b", "c", "d", "e", "f"].map(enter));
  // Players come in at random places: all are told by the bus, which needs nobody near.
  for (const client of clients) await introduce(client);
  const content = { channel: "global", senderId: "far", senderName: "Far", text: "all of you" };
  shard.hub.publish(TOPIC_CHAT, { case: "chatSaid", value: { ...content, cursor: "3" } });
  for (const client of clients) {
    expect(await heard(client, "all of you")).toMatchObject({
      ...content,
      cursor: "3",
      entityId: 0,
    });
  }
  const [ann] = clients;
  if (ann === undefined) throw new Error("nobody came in");
  expect((await say(ann, "is it me?")).reason).toBe(ChatRefusal.UNSPECIFIED);
  expect(await heard(ann, "is it me?")).toMatchObject({ senderId: "a", entityId: ann.entity });
  for (const client of clients) client.cut();
});

test.each([
  ["a character too long", "x".repeat(TEXT_LENGTH_MAX + 1), ChatRefusal.TOO_LONG],
  ["far too long", "x".repeat(3_000), ChatRefusal.TOO_LONG],
  ["empty", "", ChatRefusal.TEXT],
  ["blank", "   ", ChatRefusal.TEXT],
  ["of two lines", "one\ntwo", ChatRefusal.TEXT],
  ["with a bell", "bell\u0007", ChatRefusal.TEXT],
  ["that turns its direction", "turned \u202E round", ChatRefusal.TEXT],
  ["that isolates a direction", "isolated \u2066 text", ChatRefusal.TEXT],
  ["with a pile of marks", `z${"\u0301".repeat(6)}`, ChatRefusal.TEXT],
  ["of nothing to see", "\u200D", ChatRefusal.TEXT],
])("a text %s is refused", async (_, text, reason) => {
  using client = await enter("ann");
  const answer = await say(client, text);
  expect(answer.reason).toBe(reason);
  expect(answer.message).toStartWith("cannot send the message: the text must ");
});

test("channels that cannot be are refused, and others are the server's to know", async () => {
  using client = await enter("ann");
  expect((await say(client, "hm", "x".repeat(33))).reason).toBe(ChatRefusal.CHANNEL);
  expect((await say(client, "hm", "guild", "x".repeat(65))).reason).toBe(ChatRefusal.CHANNEL);
  server.refuse = () => ({ outcome: "channel", message: "no such channel" });
  const answer = await say(client, "  hm  ", "nowhere");
  expect(answer).toMatchObject({ reason: ChatRefusal.CHANNEL, message: "no such channel" });
  expect(server.lines.at(-1)).toMatchObject({ channel: "nowhere", text: "hm" });
  server.refuse = () => ({});
});

test("a flood of lines is refused at the socket, and the connection goes on", async () => {
  using client = await enter("eve");
  const reasons: ChatRefusal[] = [];
  for (let line = 0; line < LINES_AT_ONCE_MAX + 10; line++) {
    const { reason, retryAfterMs } = await say(client, `line ${line}`, "global");
    reasons.push(reason);
    if (reason === ChatRefusal.TOO_FAST) expect(retryAfterMs).toBeGreaterThan(0);
  }
  expect(reasons.filter((reason) => reason === ChatRefusal.TOO_FAST).length).toBeGreaterThan(8);
  await client.acknowledged(client.move(1, 0));
  const metrics = await (
    await fetch(shard.address.replace("ws:", "http:").replace("game", "metrics"))
  ).text();
  const refused = /tessera_gateway_chat_refused_total\{[^}]*\} (\d+)/.exec(metrics)?.[1];
  expect(Number(refused)).toBeGreaterThan(8);
  expect(metrics).toMatch(/tessera_chat_lines_total\{[^}]*outcome="said"[^}]*\} [1-9]/);
});

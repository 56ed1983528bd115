// A session's chat, against a shard in virtual time whose words the test puts in its mouth.
import { expect, test } from "bun:test";
import { ChatRefusal } from "#proto/frame_pb.ts";
import type { GameArenaSession } from "./arena/arena-session.ts";
import type { ChatAnswer, ChatLine, ChatPlace } from "./chat-types.ts";
import { CLEAN, Playground } from "./testing/playground.ts";

async function enter() {
  const ground = new Playground({ conditions: CLEAN, seed: 5 });
  const session = await ground.join("ada");
  await ground.run(200, () => session.sample());
  return { ground, session };
}

function say(session: GameArenaSession, text: string, place?: ChatPlace): ChatAnswer[] {
  const answers: ChatAnswer[] = [];
  void session.chat.send(text, place).then((answer) => answers.push(answer));
  return answers;
}

test("what is said goes out once, and its answer comes back typed", async () => {
  const { ground, session } = await enter();
  const local = say(session, "  hello ");
  const guild = say(session, "who is there?", { channel: "guild", target: "g1" });
  await ground.run(100);
  const { said } = ground.shard;
  expect(said.map(({ channel, target, text }) => [channel, target, text])).toEqual([
    ["local", "", "hello"],
    ["guild", "g1", "who is there?"],
  ]);
  ground.shard.tell({ case: "chatResult", value: { number: said[1]?.number ?? 0, cursor: "12" } });
  await ground.run(100);
  expect([local, guild]).toEqual([[], [{ said: true, cursor: "12" }]]);
  const untilMs = 1_800_000_060_000n;
  const refused = { reason: ChatRefusal.MUTED, message: "you are muted", untilMs };
  ground.shard.tell({ case: "chatResult", value: { number: said[0]?.number ?? 0, ...refused } });
  await ground.run(100);
  const { message } = refused;
  const until = new Date(1_800_000_060_000);
  expect(local).toEqual([{ said: false, reason: "MUTED", message, until, retryAfterMs: 0 }]);
  expect(said).toHaveLength(2);
});

test("lines are heard in their order, by all who listen", async () => {
  const { ground, session } = await enter();
  const heard: ChatLine[] = [];
  const stop = session.chat.onMessage((line) => heard.push(line));
  const bo = { senderId: "b", senderName: "Bo", sentAtMs: 5n };
  ground.shard.tell({
    case: "chat",
    value: {
      lines: [
        { ...bo, channel: "local", text: "one", entityId: 7 },
        { ...bo, channel: "private", text: "two", target: "a", cursor: "3" },
      ],
    },
  });
  await ground.run(100);
  stop();
  ground.shard.tell({
    case: "chat",
    value: { lines: [{ ...bo, channel: "local", text: "three" }] },
  });
  await ground.run(100);
  const who = { senderId: "b", senderName: "Bo", sentAtMs: 5 };
  expect(heard).toEqual([
    { ...who, channel: "local", text: "one", entityId: 7, cursor: null, target: null },
    { ...who, channel: "private", text: "two", entityId: null, cursor: "3", target: "a" },
  ]);
});

test("what may not be said is refused without a frame", async () => {
  const { ground, session } = await enter();
  const answers = await Promise.all([
    session.chat.send(""),
    session.chat.send("one\ntwo"),
    session.chat.send("x".repeat(301)),
    session.chat.send("hm", { channel: "x".repeat(5_000) }),
  ]);
  const reasons = answers.map((answer) => (answer.said ? "said" : answer.reason));
  expect(reasons).toEqual(["TEXT", "TEXT", "TOO_LONG", "CHANNEL"]);
  expect(answers[2]).toMatchObject({
    message: "cannot send the message: the text must be at most 300 characters long",
  });
  await ground.run(100);
  expect(ground.shard.said).toEqual([]);
});

test("a cut, silence and a crowd are told, and nothing is said twice", async () => {
  const { ground, session } = await enter();
  const silent = say(session, "anybody?");
  await ground.run(10_100);
  expect(silent).toMatchObject([{ said: false, reason: "UNKNOWN" }]);
  const many = Array.from({ length: 17 }, (_, index) => say(session, `line ${index}`));
  await ground.run(100);
  expect(many.at(-1)).toMatchObject([{ reason: "CROWDED" }]);
  ground.network.cut();
  await ground.run(16);
  expect(many.slice(0, 16).map(([answer]) => answer)).toEqual(
    Array(16).fill(expect.objectContaining({ said: false, reason: "UNKNOWN" })),
  );
  expect(await session.chat.send("hello?")).toMatchObject({ reason: "OFFLINE" });
  await ground.until(() => session.status === "playing");
  await ground.run(1_000, () => session.sample());
  expect(ground.shard.said).toHaveLength(17);
});

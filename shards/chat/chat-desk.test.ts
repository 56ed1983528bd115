// Chat through the loop's front door: its inbox, and what it hands to the gateways.
import { expect, test } from "bun:test";
import { ChatRefusal } from "#proto/frame_pb.ts";
import { LINE_EVERY_MS, LINES_AT_ONCE_MAX } from "#shared/net/talk-allowance.ts";
import { LoopWorkbench } from "../testing/loop-workbench.ts";
import { PaperChat } from "../testing/paper-chat.ts";
import { EARLY_MS_MAX, LOCAL_LENGTH_MAX, LOCAL_PER_TICK } from "./chat-desk.ts";
import { LINES_TO_ALL_MAX } from "./delivery.ts";
import { RELAY_LENGTH_MAX } from "./relay-queue.ts";
import { STANDING_MS_MAX } from "./standings.ts";

class Room {
  readonly server = new PaperChat();
  readonly bench = new LoopWorkbench({ chat: this.server });
  #number = 0;

  /** Lets a player in at a place, in units, and lets the server tell of it. */
  async enter(connection: number, playerId: string, place = { x: 500, y: 500 }): Promise<number> {
    const { x, y } = place;
    const { entity } = this.bench.enter(connection, playerId, {
      x: x * 10,
      y: y * 10,
      health: 100,
    });
    await this.pass(6);
    return entity;
  }

  /** So many ticks, with time for the server's answers. */
  async pass(ticks = 2): Promise<void> {
    for (let tick = 0; tick < ticks; tick++) {
      this.bench.tick();
      await new Promise(setImmediate);
    }
  }

  say(connection: number, text: string, place: { channel?: string; target?: string } = {}): number {
    const { channel = "local", target = "" } = place;
    const number = ++this.#number;
    this.bench.put({ kind: "say", connection, number, channel, target, text });
    return number;
  }

  /** The bus tells of a line. */
  hear(text: string, said: { senderId?: string; to?: string[]; official?: boolean } = {}): void {
    const { senderId = "far", to: recipientIds = [], official = false } = said;
    const channel = official ? "system" : recipientIds.length > 0 ? "private" : "global";
    const who = { senderId, senderName: senderId, recipientIds };
    const content = { channel, text, target: "", cursor: "9", sentAtMs: 5n };
    this.bench.put({ kind: "said", said: { ...who, ...content, official } });
  }

  /** All texts that a connection was told. */
  heardBy(connection: number): string[] {
    return this.bench.told.flatMap(({ connections, frame }) => {
      if (!connections.includes(connection) || frame.case !== "chat") return [];
      return frame.value.lines.map(({ text }) => text);
    });
  }

  outcomesOf(connection: number) {
    return this.bench.controls.flatMap((message) => {
      return message.kind === "spoken" && message.connection === connection ? [message] : [];
    });
  }

  reasonsOf(connection: number): string[] {
    return this.outcomesOf(connection).map(({ reason }) => ChatRefusal[reason]);
  }
}

test("local words reach those who see the speaker, and nobody far away", async () => {
  const room = new Room();
  const ann = await room.enter(1, "ann", { x: 300, y: 300 });
  await room.enter(2, "near", { x: 500, y: 300 });
  await room.enter(3, "far", { x: 1_900, y: 1_900 });
  const number = room.say(1, "psst");
  await room.pass();
  expect([1, 2, 3].map((connection) => room.heardBy(connection))).toEqual([["psst"], ["psst"], []]);
  expect(room.outcomesOf(1)).toMatchObject([{ number, reason: ChatRefusal.UNSPECIFIED }]);
  const [told] = room.bench.told;
  expect(told?.frame.value).toMatchObject({
    lines: [{ channel: "local", senderId: "ann", senderName: "ann", entityId: ann, cursor: "" }],
  });
  // Nothing of it is in the journal, nor at the server.
  expect(room.server.lines).toEqual([]);
});

test("other channels go to the server, and what it says goes to whom it concerns", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  await room.enter(2, "bob");
  await room.enter(3, "cid");
  const number = room.say(1, "to all", { channel: "global" });
  room.say(1, "to us", { channel: "guild", target: "g1" });
  await room.pass();
  expect(room.server.lines).toEqual([
    { playerId: "ann", channel: "global", target: "", text: "to all" },
    { playerId: "ann", channel: "guild", target: "g1", text: "to us" },
  ]);
  expect(room.outcomesOf(1)[0]).toMatchObject({ number, reason: 0, cursor: "7" });
  // Nobody hears it from the shard itself.
  expect(room.bench.told).toEqual([]);
  room.hear("one");
  room.hear("two");
  room.hear("for bob", { to: ["bob", "elsewhere"] });
  await room.pass();
  expect(room.heardBy(1)).toEqual(["one", "two"]);
  expect(room.heardBy(2).sort()).toEqual(["for bob", "one", "two"]);
  // Both lines to all went out in one frame.
  expect(room.bench.told).toHaveLength(2);
});

test("nobody hears whom they block, near or far; staff is heard all the same", async () => {
  const room = new Room();
  room.server.standings.set("bob", { blocks: ["ann"] });
  await room.enter(1, "ann");
  await room.enter(2, "bob");
  room.say(1, "local");
  room.hear("global", { senderId: "ann" });
  room.hear("private", { senderId: "ann", to: ["bob"] });
  room.hear("official", { senderId: "ann", official: true });
  room.hear("from cid", { senderId: "cid" });
  await room.pass();
  expect(room.heardBy(2)).toEqual(["official", "from cid"]);
  expect(room.heardBy(1)).toEqual(["local", "global", "official", "from cid"]);
});

test("who is muted is told until when, at once and while the server is away", async () => {
  const room = new Room();
  const endsAtMs = room.bench.clock.wallMs() + 60_000;
  room.server.standings.set("ann", { mute: { reason: "shouting", endsAtMs } });
  await room.enter(1, "ann");
  room.server.away = true;
  room.say(1, "boo");
  await room.pass();
  const [refused] = room.outcomesOf(1);
  expect(refused).toMatchObject({ reason: ChatRefusal.MUTED, untilMs: endsAtMs });
  expect(refused?.message).toEndWith(`muted until ${new Date(endsAtMs).toISOString()}: shouting`);
  room.bench.clock.advance(60_000);
  room.say(1, "sorry");
  await room.pass();
  expect(room.heardBy(1)).toEqual(["sorry"]);
});

test("a change is learned from the bus, and without it within half a minute", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  const mute = { reason: "shouting", endsAtMs: null };
  room.server.standings.set("ann", { mute });
  room.say(1, "not yet known");
  await room.pass();
  room.bench.put({ kind: "standing", playerId: "ann" });
  await room.pass();
  room.say(1, "known");
  await room.pass();
  expect(room.reasonsOf(1)).toEqual(["UNSPECIFIED", "MUTED"]);
  expect(room.outcomesOf(1)[1]?.message).toContain("muted for ever");
  room.server.standings.delete("ann");
  room.bench.clock.advance(STANDING_MS_MAX);
  await room.pass(3);
  room.say(1, "again");
  await room.pass();
  expect(room.heardBy(1)).toEqual(["not yet known", "again"]);
});

test("while the server is away its channels say so, nothing hangs, and local goes on", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  room.server.away = true;
  room.say(1, "to all", { channel: "global" });
  room.say(1, "here");
  await room.pass();
  expect(room.reasonsOf(1).sort()).toEqual(["UNAVAILABLE", "UNSPECIFIED"]);
  expect(room.heardBy(1)).toEqual(["here"]);
  // Who comes meanwhile is not known: it may be muted, and it may block somebody.
  await room.enter(2, "bob");
  room.say(2, "me too");
  room.say(1, "hello?");
  await room.pass();
  expect(room.reasonsOf(2)).toEqual([]);
  room.bench.clock.advance(EARLY_MS_MAX);
  await room.pass();
  expect(room.reasonsOf(2)).toEqual(["UNAVAILABLE"]);
  expect(room.heardBy(2)).toEqual([]);
  room.server.away = false;
  room.bench.clock.advance(1_000);
  await room.pass(3);
  room.say(2, "now");
  await room.pass();
  expect(room.heardBy(2)).toEqual(["now"]);
});

test("what is said right after coming in waits until it is known who speaks", async () => {
  const room = new Room();
  const { promise, resolve } = Promise.withResolvers<void>();
  room.server.hold = promise;
  await room.enter(1, "ann");
  room.say(1, "hello");
  room.say(1, "all of you", { channel: "global" });
  await room.pass();
  expect(room.outcomesOf(1)).toEqual([]);
  resolve();
  await room.pass(3);
  expect(room.heardBy(1)).toEqual(["hello"]);
  expect(room.server.lines).toMatchObject([{ text: "all of you" }]);
  expect(room.reasonsOf(1)).toEqual(["UNSPECIFIED", "UNSPECIFIED"]);
});

test("who says too much is told to wait, also over another connection", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  for (let line = 0; line < LINES_AT_ONCE_MAX + 1; line++) room.say(1, `line ${line}`);
  await room.pass();
  const [refused] = room.outcomesOf(1).filter(({ reason }) => reason === ChatRefusal.TOO_FAST);
  expect(refused?.number).toBe(LINES_AT_ONCE_MAX + 1);
  expect(refused?.retryAfterMs).toBe(LINE_EVERY_MS);
  expect(refused?.message).toEndWith("try again in 3 s");
  await room.enter(9, "ann");
  room.say(9, "and I am back");
  await room.pass();
  expect(room.reasonsOf(9)).toEqual(["TOO_FAST"]);
});

test("what the server refuses is passed on as it says", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  room.server.refuse = () => ({ outcome: "notFound", message: "no such guild", retryAfterMs: 5 });
  room.say(1, "hm", { channel: "guild", target: "g1" });
  await room.pass();
  const refusal = { reason: ChatRefusal.NOT_FOUND, message: "no such guild", retryAfterMs: 5 };
  expect(room.outcomesOf(1)).toMatchObject([refusal]);
});

test("at every bound the speaker is told, and what is lost is counted", async () => {
  const room = new Room();
  const count = 45;
  for (let player = 1; player <= count; player++) room.bench.join(player, `p${player}`);
  await room.pass();
  while (room.bench.loads.length > 0) room.bench.answerLoad();
  await room.pass(6);
  const { promise, resolve } = Promise.withResolvers<void>();
  room.server.hold = promise;
  const everybody = Array.from({ length: count }, (_, index) => index + 1);
  const sayAll = async (channel: string, times: number) => {
    for (let time = 0; time < times; time++) {
      for (const connection of everybody) room.say(connection, "all at once", { channel });
      // Not a tick in between: all come at once.
    }
  };
  // Local lines take their turn, and at the bound are refused.
  await sayAll("local", LINES_AT_ONCE_MAX + 1);
  await room.pass(1);
  const busy = () => room.bench.loop.chat.outcomes.get(ChatRefusal.BUSY) ?? 0;
  expect(count * LINES_AT_ONCE_MAX).toBeLessThan(LOCAL_LENGTH_MAX);
  expect(busy()).toBe(0);
  expect(room.bench.loop.chat.outcomes.get(ChatRefusal.UNSPECIFIED)).toBe(LOCAL_PER_TICK);
  // The server does not answer: what is more than may wait for it is refused.
  for (let round = 0; busy() === 0 && round < 30; round++) {
    room.bench.clock.advance(LINES_AT_ONCE_MAX * LINE_EVERY_MS);
    await sayAll("global", LINES_AT_ONCE_MAX);
    await room.pass(1);
  }
  expect(room.bench.loop.chat.waiting).toBeGreaterThanOrEqual(RELAY_LENGTH_MAX);
  expect(busy()).toBeGreaterThan(0);
  resolve();
  await room.pass(60);
  expect(room.bench.loop.chat.waiting).toBe(0);
  for (let line = 0; line < LINES_TO_ALL_MAX + 3; line++) room.hear(`line ${line}`);
  await room.pass();
  expect(room.bench.loop.chat.lostTotal).toBe(3);
  expect(room.heardBy(1).filter((text) => text.startsWith("line "))[0]).toBe("line 3");
});

test("a gateway without room misses what is said, which is counted", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  room.bench.roomForFrames = false;
  room.hear("one");
  await room.pass();
  expect(room.bench.loop.chat.lostTotal).toBe(1);
});

test("who has left is forgotten, and is not asked about any more", async () => {
  const room = new Room();
  await room.enter(1, "ann");
  room.bench.put({ kind: "leave", connection: 1 });
  await room.pass(3);
  const asked = room.server.asked.length;
  room.bench.put({ kind: "standing", playerId: "ann" });
  room.bench.clock.advance(STANDING_MS_MAX);
  room.hear("anybody?");
  await room.pass(3);
  expect(room.server.asked).toHaveLength(asked);
  expect(room.heardBy(1)).toEqual([]);
});

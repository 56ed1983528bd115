import { expect, test } from "bun:test";
import { findRoom, wrapText } from "../scene/bubbles.ts";
import { refusalText } from "./chat-box.ts";
import { ALL, NEAR, nextTalk, readCommand } from "./chat-command.ts";

const bob = { id: "b", name: "Bob" };
const bobby = { id: "c", name: "Bob By" };
const toBob = { channel: "private", partner: bob } as const;
const now = { to: NEAR, known: [bob, bobby], lastPartner: null };

test.each([
  ["hello there", { kind: "say", to: NEAR, text: "hello there" }],
  ["/all hi", { kind: "say", to: ALL, text: "hi" }],
  ["/A", { kind: "switch", to: ALL }],
  ["/near  psst", { kind: "say", to: NEAR, text: "psst" }],
  ["/to bob hi", { kind: "say", to: toBob, text: "hi" }],
  ["/to Bob By hi", { kind: "say", to: { ...toBob, partner: bobby }, text: "hi" }],
  ["/w BOB", { kind: "switch", to: toBob }],
  ["/block Bob", { kind: "block", player: bob }],
  ["/unblock bob by", { kind: "unblock", player: bobby }],
])("%p means %p", (line, command) => {
  expect(readCommand(line, now)).toEqual(command as ReturnType<typeof readCommand>);
});

test.each([
  ["/dance", "There is no /dance: /near, /all, /to NAME"],
  ["/to Cid hi", "You have not heard of Cid yet"],
  ["/to", "Whom? Add a name"],
  ["/reply hi", "Nobody wrote to you yet"],
])("%p is answered with %p", (line, message) => {
  const command = readCommand(line, now);
  expect(command.kind === "fault" && command.message).toStartWith(message);
});

test("a reply goes to whoever wrote last, and Tab goes round", () => {
  const reply = readCommand("/r hi", { ...now, lastPartner: bob });
  expect(reply).toEqual({ kind: "say", to: toBob, text: "hi" });
  expect(nextTalk(NEAR, bob)).toEqual(ALL);
  expect(nextTalk(ALL, bob)).toEqual(toBob);
  expect(nextTalk(ALL, null)).toEqual(NEAR);
  expect(nextTalk(toBob, bob)).toEqual(NEAR);
});

test("each refusal has its words", () => {
  const refusal = { said: false, message: "", until: null, retryAfterMs: 0 } as const;
  expect(refusalText({ ...refusal, reason: "TOO_FAST", retryAfterMs: 2_100 }, 0)).toBe(
    "Not so fast: say it again in 3 s",
  );
  const message = "cannot send the message: you are muted for ever: shouting";
  expect(refusalText({ ...refusal, reason: "MUTED", message }, 0)).toBe(
    "You are muted for good: shouting",
  );
  const until = new Date(60_000);
  expect(refusalText({ ...refusal, reason: "MUTED", message, until }, 0)).toMatch(
    /^You are muted until \d.*: shouting$/,
  );
  const blocked = "cannot send the message: you block this player; unblock it first";
  expect(refusalText({ ...refusal, reason: "FORBIDDEN", message: blocked }, 0)).toBe(
    "Not said: you block this player; unblock it first",
  );
  expect(refusalText({ ...refusal, reason: "UNAVAILABLE" }, 0)).toStartWith("Not said: the chat");
});

test("a bubble's text is cut into lines, words that are too long as well", () => {
  const measures = { widthMax: 10, linesMax: 3 };
  const wrap = (text: string) => wrapText(text, measures, ({ length }) => length);
  expect(wrap("short")).toEqual(["short"]);
  expect(wrap("one two three")).toEqual(["one two", "three"]);
  expect(wrap("abcdefghijklm no")).toEqual(["abcdefghij", "klm no"]);
  expect(wrap("one two three four five six seven")).toEqual(["one two", "three four", "five six…"]);
});

test("bubbles make room for each other", () => {
  const box = (left: number, top: number) => ({ left, top, width: 10, height: 10 });
  expect(findRoom(box(0, 100), []).top).toBe(100);
  expect(findRoom(box(0, 100), [box(10, 100), box(5, 50)]).top).toBe(100);
  expect(findRoom(box(0, 100), [box(5, 95)]).top).toBe(81);
  expect(findRoom(box(0, 100), [box(5, 80), box(5, 95)]).top).toBe(66);
});

import { expect, test } from "bun:test";
import { GoodbyeReason } from "#proto/frame_pb.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import type { SessionGoodbye, SessionStatus } from "../sdk/session-types.ts";
import { Connection, type ConnectionState } from "./connection.ts";
import { connectionDoubles } from "./testing/unsafe.ts";

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function setUp(options: { rename?: string; stored?: string } = {}) {
  const clock = new FakeClock();
  const states: ConnectionState[] = [];
  const doubles = connectionDoubles(options.stored ?? null);
  const connection = new Connection({
    client: doubles.client,
    clock,
    displayName: "Plucky Otter",
    rename: options.rename ?? null,
    join: () => doubles.client.join("arena", { viewport: { width: 640, height: 480 } }),
    onState: (state) => states.push(state),
    onSession: () => undefined,
  });
  return { clock, states, connection, ...doubles };
}

const say = (reason: GoodbyeReason, message = ""): SessionGoodbye => ({ reason, message });

test("a first visit becomes a guest and joins with the window's viewport", async () => {
  const { connection, states, calls } = setUp();
  await connection.start();
  expect(calls).toEqual(["restore", "guest Plucky Otter", "join arena 640x480"]);
  expect(states.map((state) => state.kind)).toEqual(["joining", "playing"]);
});

test("a known player comes back under the own name, or under the one in the address", async () => {
  const known = setUp({ stored: "Ada" });
  await known.connection.start();
  expect(known.calls).toEqual(["restore", "join arena 640x480"]);
  const renamed = setUp({ stored: "Ada", rename: "Grace" });
  await renamed.connection.start();
  expect(renamed.calls.slice(0, 3)).toEqual(["restore", "rename Grace", "restore"]);
});

test("while the server is away it says since when, and keeps trying until it is back", async () => {
  const { connection, clock, states, calls, failJoins } = setUp();
  failJoins(3);
  await connection.start();
  for (let round = 0; round < 8; round += 1) {
    clock.advance(1000);
    await settle();
  }
  expect(states.filter((state) => state.kind === "away")).toEqual([
    { kind: "away", sinceMs: 0 },
    { kind: "away", sinceMs: 0 },
    { kind: "away", sinceMs: 0 },
  ]);
  expect(states.at(-1)).toEqual({ kind: "playing" });
  expect(calls.filter((call) => call.startsWith("join"))).toHaveLength(4);
  expect(clock.pending).toBe(0);
});

test("a cut is away until the session heals itself", async () => {
  const { connection, clock, states, sessions } = setUp();
  await connection.start();
  clock.advance(500);
  const statuses: SessionStatus[] = ["reconnecting", "connecting", "playing"];
  for (const status of statuses) sessions[0]?.change(status);
  expect(states.slice(2)).toEqual([
    { kind: "away", sinceMs: 500 },
    { kind: "away", sinceMs: 500 },
    { kind: "playing" },
  ]);
});

test.each([
  ["replaced", say(GoodbyeReason.REPLACED), "You are playing in another window.", "Play here"],
  ["revoked", say(GoodbyeReason.REVOKED), "You were logged out.", "Play as a guest"],
  [
    "another one",
    say(GoodbyeReason.UNSPECIFIED, "Too many messages."),
    "Too many messages.",
    "Join again",
  ],
])("after the goodbye %p it waits for the player", async (_name, goodbye, message, action) => {
  const { connection, states, sessions, calls } = setUp();
  await connection.start();
  sessions[0]?.end(goodbye);
  expect(states.at(-1)).toEqual({ kind: "stopped", message, action });
  await connection.restart();
  expect(states.at(-1)).toEqual({ kind: "playing" });
  expect(calls.includes("logOut")).toBe(goodbye.reason === GoodbyeReason.REVOKED);
});

test("a new name is told without leaving the world", async () => {
  const { connection, states, calls } = setUp();
  await connection.start();
  await connection.rename("Grace");
  expect(calls.slice(3)).toEqual(["rename Grace", "restore"]);
  expect(states.some((state) => state.kind === "stopped")).toBe(false);
});

test("who goes elsewhere leaves first, and nothing of the left session is told", async () => {
  const { connection, states, calls, sessions } = setUp();
  await connection.start();
  await connection.rejoin();
  expect(calls.slice(-2)).toEqual(["leave", "join arena 640x480"]);
  expect(sessions).toHaveLength(2);
  expect(states.map((state) => state.kind)).toEqual([
    "joining",
    "playing",
    "joining",
    "joining",
    "playing",
  ]);
});

test("who goes elsewhere while it tries again and again is in one place in the end", async () => {
  const { connection, clock, states, sessions, failJoins } = setUp();
  failJoins(1);
  await connection.start();
  await connection.rejoin();
  clock.advance(60_000);
  await settle();
  expect(sessions).toHaveLength(1);
  expect(states.at(-1)).toEqual({ kind: "playing" });
});

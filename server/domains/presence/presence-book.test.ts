import { expect, test } from "bun:test";
import { encodePlayer, encodePlayerEntry } from "#shared/infra/bus/player-presence.ts";
import { createLog } from "#shared/infra/log.ts";
import { PlayerId } from "#shared/model/ids.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { PresenceBook } from "./presence-book.ts";

const ADA = PlayerId.parse("0190a000-0000-7000-8000-000000000001");

/** A bus whose presence is what the test puts into it, unless it is away. */
function createScene() {
  const clock = new FakeClock();
  const entries = new Map<string, string>();
  let isAway = false;
  let sequence = 0;
  let isHeld: Promise<void> = Promise.resolve();
  const bus = {
    presence: () => ({
      put: async () => undefined,
      remove: async () => undefined,
      async list() {
        if (isAway) throw new Error("away");
        const found = new Map(entries);
        await isHeld;
        return found;
      },
    }),
  };
  const left: string[] = [];
  const log = createLog({ process: "test", write: () => undefined });
  const book = new PresenceBook({
    ...{ bus, clock, log },
    left: (places) => left.push(...places.map(({ shardKey }) => shardKey)),
  });
  return {
    ...{ book, left, entries, clock },
    /** Answers come when the result is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      isHeld = promise;
      return resolve;
    },
    setAway: (away: boolean) => {
      isAway = away;
    },
    say(shardKey: string, sinceMs: number) {
      sequence += 1;
      const body = encodePlayer({ playerId: ADA, sinceMs, connected: true });
      entries.set(`${shardKey}#0`, encodePlayerEntry({ epoch: 1, sequence: `${sequence}`, body }));
    },
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500);
        await new Promise(setImmediate);
      }
    },
  };
}

const ARENA = "arena:1:eu-west-1";

test("a bus that is away takes nobody for gone, and the picture says how old it is", async () => {
  const { book, say, pass, setAway, entries } = createScene();
  expect(book.state).toEqual({ asOf: null, fresh: false });
  say(ARENA, 1);
  await book.start();
  expect(book.state).toMatchObject({ fresh: true });
  setAway(true);
  await pass(30_000);
  expect(book.find(ADA)).toBeDefined();
  expect(book.state).toMatchObject({ fresh: false });
  // It is back and has forgotten everything; the shard takes longer than the server to come back.
  setAway(false);
  entries.clear();
  await pass(5_000);
  expect(book.find(ADA)).toBeDefined();
  expect(book.state).toMatchObject({ fresh: true });
  say(ARENA, 1);
  await pass(5_000);
  expect(book.find(ADA)).toBeDefined();
  entries.clear();
  await pass(5_000);
  expect(book.find(ADA)).toBeUndefined();
  book.close();
});

test("who died while the bus was away is gone within 10 s of its return", async () => {
  const { book, say, pass, setAway, entries } = createScene();
  say(ARENA, 1);
  await book.start();
  setAway(true);
  await pass(30_000);
  setAway(false);
  entries.clear();
  await pass(8_500);
  expect(book.find(ADA)).toBeUndefined();
  expect(book.state.fresh).toBe(true);
  book.close();
});

test("an entry without news ends, even where the bus does not forget it", async () => {
  const { book, say, pass } = createScene();
  say(ARENA, 1);
  await book.start();
  await pass(6_000);
  expect(book.find(ADA)).toBeDefined();
  await pass(2_000);
  expect(book.find(ADA)).toBeUndefined();
  book.close();
});

test("a bus that was wiped for a moment takes nobody away", async () => {
  const { book, say, pass, entries, left } = createScene();
  say(ARENA, 1);
  await book.start();
  entries.clear();
  await pass(1_500);
  say(ARENA, 1);
  await pass(1_500);
  expect(book.find(ADA)).toBeDefined();
  expect(left).toEqual([]);
  book.close();
});

test("a server that stood still takes nobody away, and says that its picture is old", async () => {
  const { book, say, pass, left, clock, hold } = createScene();
  say(ARENA, 1);
  await book.start();
  const release = hold();
  await pass(1_000);
  // Its question was answered and not read; the shard speaks on.
  clock.standStill(15_000);
  release();
  await new Promise(setImmediate);
  expect(book.find(ADA)).toBeDefined();
  expect(book.state.fresh).toBe(false);
  await pass(1_000);
  expect(book.state.fresh).toBe(true);
  say(ARENA, 1);
  await pass(3_000);
  expect(book.find(ADA)).toBeDefined();
  expect(left).toEqual([]);
  // It stands still between two questions, and the shard dies meanwhile.
  clock.standStill(15_000);
  await pass(2_000);
  expect(book.find(ADA)).toBeDefined();
  await pass(6_000);
  expect(book.find(ADA)).toBeUndefined();
  book.close();
});

test("who goes, and who goes elsewhere, is told once", async () => {
  const { book, say, pass, left } = createScene();
  say(ARENA, 1);
  await book.start();
  say("blocks:1:us-east-1", 2);
  await pass(1_000);
  expect(left).toEqual([ARENA]);
  await pass(10_000);
  expect(left).toEqual([ARENA, "blocks:1:us-east-1"]);
  book.close();
});

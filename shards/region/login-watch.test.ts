import { expect, test } from "bun:test";
import { createLog } from "#shared/infra/log.ts";
import {
  ENDED_ASKED_MAX,
  type EndedSessions,
  type EndedSessionsInput,
} from "#shared/model/auth.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { ANSWER_MS_MAX } from "./ask-server.ts";
import { LOGINS_ASK_MS, LOGINS_RETRY_MS, LoginWatch } from "./login-watch.ts";

const NOTHING: EndedSessions = { cursor: 0, ended: [], more: false, missed: false };

/** A watch on a fake clock; answers are what the test says they are. */
function createWatch() {
  const clock = new FakeClock();
  const asked: EndedSessionsInput[] = [];
  const ended: string[] = [];
  const lines: string[] = [];
  const script = { answer: NOTHING as EndedSessions | Error, present: [] as string[] };
  const watch = new LoginWatch({
    clock,
    log: createLog({ process: "shard", write: (line) => lines.push(line) }),
    authority: {
      async listEnded(input) {
        asked.push(input);
        if (script.answer instanceof Error) throw script.answer;
        return script.answer;
      },
    },
    present: () => script.present.map((loginId) => ({ playerId: `of ${loginId}`, loginId })),
    ended: ({ loginId }) => ended.push(loginId),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  return { watch, clock, asked, ended, lines, script, pass };
}

const end = (sessionId: string) => ({ sessionId, playerId: "ann", reason: "" });

test("security 2: with one answer lost, an end is known within 5 s", () => {
  const worstMs = LOGINS_ASK_MS + ANSWER_MS_MAX + LOGINS_RETRY_MS + ANSWER_MS_MAX;
  expect(worstMs).toBeLessThanOrEqual(5_000);
});

test("asks from the last cursor on, and names each login that entered once", async () => {
  const { watch, asked, ended, script, pass } = createWatch();
  watch.entered("ann", "one");
  script.answer = { ...NOTHING, cursor: 4, ended: [end("one")] };
  watch.start();
  await pass(0);
  expect(asked).toEqual([{ since: null, sessions: [{ sessionId: "one", playerId: "ann" }] }]);
  expect(ended).toEqual(["one"]);
  watch.entered("bob", "two");
  script.answer = { ...NOTHING, cursor: 5, ended: [end("three")] };
  await pass(LOGINS_ASK_MS);
  await pass(LOGINS_ASK_MS);
  expect(asked.slice(1)).toEqual([
    { since: 4, sessions: [{ sessionId: "two", playerId: "bob" }] },
    { since: 5, sessions: [] },
  ]);
});

test("what was asked while the server was away is asked again, and said once", async () => {
  const { watch, asked, ended, lines, script, pass } = createWatch();
  script.answer = new Error("connection refused");
  watch.entered("ann", "one");
  watch.start();
  await pass(0);
  await pass(LOGINS_RETRY_MS);
  await pass(LOGINS_RETRY_MS);
  expect(asked).toHaveLength(3);
  expect(lines.filter((line) => line.includes("cannot learn"))).toHaveLength(1);
  script.answer = { ...NOTHING, ended: [end("one")] };
  await pass(LOGINS_RETRY_MS);
  expect(asked.at(-1)?.sessions).toHaveLength(1);
  expect(ended).toEqual(["one"]);
});

test("after ends that were forgotten, everybody who is there is asked about", async () => {
  const { watch, asked, script, pass } = createWatch();
  script.present = Array.from({ length: ENDED_ASKED_MAX + 1 }, (_, index) => `login ${index}`);
  script.answer = { ...NOTHING, cursor: 9, missed: true };
  watch.start();
  await pass(0);
  script.answer = { ...NOTHING, cursor: 9 };
  await pass(0);
  await pass(0);
  await pass(LOGINS_ASK_MS);
  expect(asked.map(({ since, sessions }) => [since, sessions.length])).toEqual([
    [null, 0],
    [9, ENDED_ASKED_MAX],
    [9, 1],
    [9, 0],
  ]);
});

test("more is asked for at once, and nothing after the stop", async () => {
  const { watch, clock, asked, script, pass } = createWatch();
  script.answer = { ...NOTHING, more: true };
  watch.start();
  await pass(0);
  await pass(0);
  expect(asked).toHaveLength(2);
  watch.stop();
  await pass(LOGINS_ASK_MS);
  expect(asked).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

import { expect, test } from "bun:test";
import { PresenceJudge } from "./presence-judge.ts";

const HOME = "arena:1:eu-west-1";

function createScene() {
  const judge = new PresenceJudge(0);
  return {
    judge,
    /** The answer to a question of that moment. */
    answer(askedMs: number, places: Readonly<Record<string, string>>, fresh = true) {
      const players = Object.entries(places).map(([playerId, place]) => {
        const connected = !place.startsWith("away:");
        return { playerId, shardKey: place.replace("away:", ""), connected };
      });
      judge.take({ askedMs, fresh, players });
    },
  };
}

test("a wrong answer counts from when it became wrong, a right one not at all", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", { at: HOME }, 0);
  answer(900, {});
  answer(1_500, { ada: HOME });
  expect(judge.isRight).toBe(true);
  judge.expect("ada", "gone", 2_000);
  expect(judge.isRight).toBe(false);
  answer(1_990, { ada: HOME });
  answer(8_000, { ada: HOME });
  answer(8_100, {});
  judge.expect("ada", "unknown", 9_000);
  answer(30_000, { ada: HOME });
  expect(judge.figures).toMatchObject({ backMsMax: 900, goneMsMax: 6_000, vanished: 0, ghosts: 0 });
});

test("whoever was shown right and then is not has vanished, or is a ghost", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", { at: HOME }, 0);
  judge.expect("bob", "gone", 0);
  answer(100, { ada: HOME });
  // The first was from before.
  answer(900, { ada: `away:${HOME}` });
  expect(judge.figures).toMatchObject({ vanished: 0, backMsMax: 900 });
  answer(6_000, { ada: HOME });
  answer(7_000, {});
  answer(8_000, { ada: "arena:2:eu-west-1" });
  answer(9_000, { ada: `away:${HOME}` });
  expect(judge.figures).toMatchObject({ vanished: 3, ghosts: 0 });
  answer(9_500, { ada: HOME, bob: HOME });
  expect(judge.figures).toMatchObject({ vanished: 3, ghosts: 1, backMsMax: 9_000 });
});

test("who is away may be shown so, or not at all", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", "away", 0);
  answer(6_000, { ada: `away:${HOME}` });
  answer(7_000, {});
  expect(judge.isRight).toBe(true);
  answer(8_000, { ada: HOME });
  expect(judge.figures).toMatchObject({ ghosts: 1, goneMsMax: 8_000 });
});

test("a server that hears nothing may be wrong and must say so, and loses nobody", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", { at: HOME }, -9_000);
  answer(500, { ada: HOME });
  judge.deafens(1_000);
  judge.expect("bob", { at: HOME }, 2_000);
  answer(9_000, { ada: HOME });
  answer(13_000, { ada: HOME }, false);
  expect(judge.figures).toMatchObject({ staleUntold: 0, staleTold: 1, backMsMax: 0, vanished: 0 });
  answer(13_100, { ada: HOME });
  answer(13_200, {}, false);
  expect(judge.figures).toMatchObject({ staleUntold: 1, vanished: 1 });
  judge.hears(14_000, { anew: false });
  answer(16_000, { ada: HOME, bob: HOME }, false);
  expect(judge.isRight).toBe(false);
  expect(judge.figures.backMsMax).toBe(2_000);
});

test("one that was started anew may lack everybody at first", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", { at: HOME }, 0);
  answer(500, { ada: HOME });
  judge.deafens(1_000);
  judge.hears(5_000, { anew: true });
  answer(5_100, {}, false);
  answer(6_000, { ada: HOME });
  expect(judge.isRight).toBe(true);
  expect(judge.figures).toMatchObject({ vanished: 0, backMsMax: 100 });
});

test("nobody is shown twice, and nobody who is not known", () => {
  const { judge } = createScene();
  judge.expect("ada", { at: HOME }, 0);
  const one = { shardKey: HOME, connected: true };
  const players = [
    { playerId: "ada", ...one },
    { playerId: "ada", ...one },
    { playerId: "eve", ...one },
  ];
  judge.take({ askedMs: 1_000, fresh: true, players });
  expect(judge.figures).toMatchObject({ doubled: 1, strangers: 1 });
});

test("after a standstill of the machine a picture may be called old, and nobody is lost", () => {
  const { judge, answer } = createScene();
  judge.expect("ada", { at: HOME }, -9_000);
  answer(500, { ada: HOME });
  judge.wakes(60_000);
  answer(60_100, { ada: HOME }, false);
  answer(61_000, {});
  answer(62_000, { ada: HOME });
  expect(judge.figures).toMatchObject({ backMsMax: 1_000, vanished: 1 });
});

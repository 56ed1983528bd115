// Gifts between players whose connections break, whose answers are lost, and whose shard dies at
// any moment: each gift is settled by the shard's own word on it, and done as often as it says.
// Repeat one seed with: bun test client/sdk/durable-actions.fuzz.test.ts -t "seed 5$"
import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import { ActionError } from "./action-error.ts";
import type { GameArenaSession } from "./arena/arena-session.ts";
import { BAD, Playground } from "./testing/playground.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const PLAYERS = ["ada", "bo", "cy"];
const FRAMES = 3_000;
/** At once; more than that many would be turned away. */
const WAITING_MAX = 32;

interface Gift {
  readonly from: number;
  readonly to: number;
  /** "done", why not, or undefined while it waits. */
  outcome: string | undefined;
}

test.each(SEEDS)("every gift is answered as it was done for seed %d", async (seed) => {
  const random = createRandom(seed);
  const ground = new Playground({ conditions: BAD, seed });
  const sessions: GameArenaSession[] = [];
  for (const player of PLAYERS) sessions.push(await ground.join(player));
  await ground.run(1_000, () => draw(sessions));
  const gifts: Gift[] = [];
  let away = false;
  for (let frame = 0; frame < FRAMES; frame += 1) {
    if (random.below(12) === 0) offer(gifts, sessions, random.below);
    if (random.below(300) === 0) ground.network.cut();
    if (random.below(200) === 0) ground.shard.answers = random.below(3) > 0;
    if (random.below(400) === 0) {
      if (away) ground.reviveShard();
      else ground.killShard();
      away = !away;
    }
    await ground.run(16, () => draw(sessions));
  }
  if (away) ground.reviveShard();
  ground.shard.answers = true;
  await ground.run(20_000, () => draw(sessions));
  expect(gifts.map(({ outcome }) => outcome)).not.toContain(undefined);
  const done = gifts.filter(({ outcome }) => outcome === "done");
  expect(done.length).toBeGreaterThan(20);
  for (const [index, session] of sessions.entries()) {
    const given = done.filter(({ from }) => from === index).length;
    const taken = done.filter(({ to }) => to === index).length;
    expect(session.selfState.credits, PLAYERS[index] ?? "").toBe(3 + taken - given);
  }
});

function offer(
  gifts: Gift[],
  sessions: readonly GameArenaSession[],
  below: (n: number) => number,
): void {
  const from = below(sessions.length);
  const to = (from + 1 + below(sessions.length - 1)) % sessions.length;
  const waiting = gifts.filter((gift) => gift.from === from && gift.outcome === undefined);
  const session = sessions[from];
  const entity = sessions[to]?.entityId ?? 0;
  if (session === undefined || waiting.length === WAITING_MAX) return;
  const gift: Gift = { from, to, outcome: undefined };
  gifts.push(gift);
  session.perform({ case: "give", entity }).then(
    () => {
      gift.outcome = "done";
    },
    (error: unknown) => {
      gift.outcome = error instanceof ActionError ? (error.reason ?? error.problem) : String(error);
    },
  );
}

function draw(sessions: readonly GameArenaSession[]): void {
  for (const session of sessions) session.sample();
}

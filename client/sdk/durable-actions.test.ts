// Durable actions of a session, against a shard in virtual time that does each of them once.
import { describe, expect, test } from "bun:test";
import { NoticeKind } from "#proto/frame_pb.ts";
import { ActionError } from "./action-error.ts";
import type { GameArenaSession } from "./arena/arena-session.ts";
import type { ActionOutcome, DurableAction } from "./session-types.ts";
import { BAD, CLEAN, createWalk, Playground } from "./testing/playground.ts";

type Told = { done: ActionOutcome } | { failed: unknown };

/** Performs an action and notes what comes of it. */
function perform(
  session: GameArenaSession,
  action: DurableAction,
  options?: { actionId?: Uint8Array },
): Told[] {
  const told: Told[] = [];
  session.perform(action, options).then(
    (done) => told.push({ done }),
    (failed: unknown) => told.push({ failed }),
  );
  return told;
}

function problemOf(told: readonly Told[]): ActionError {
  const [first] = told;
  if (first !== undefined && "failed" in first && first.failed instanceof ActionError) {
    return first.failed;
  }
  throw new Error(`cannot find an ActionError in ${JSON.stringify(told)}`);
}

/** Two players who have been told of each other. */
async function meet(options: { seed: number; conditions?: typeof CLEAN; tickRate?: number }) {
  const ground = new Playground({ conditions: CLEAN, ...options });
  const ada = await ground.join("ada");
  const bo = await ground.join("bo");
  await ground.run(1_000, () => draw(ada, bo));
  return { ground, ada, bo };
}

function draw(...sessions: GameArenaSession[]): void {
  for (const session of sessions) session.sample();
}

/** Has the session's player killed by someone without a connection. */
async function kill(ground: Playground, session: GameArenaSession): Promise<void> {
  const { world } = ground.shard;
  const row = world.players.ids.indexOf(session.entityId);
  world.players.columns.health[row] = 20;
  ground.shard.join("killer");
  await ground.run(100, () => session.sample());
  const killer = ground.shard.entityOf("killer");
  const killerRow = world.players.ids.indexOf(killer);
  world.players.columns.x[killerRow] = world.players.columns.x[row] ?? 0;
  world.players.columns.y[killerRow] = world.players.columns.y[row] ?? 0;
  const sequence = (world.players.columns.sequence[killerRow] ?? 0) + 1;
  const action = { case: "attack" as const, value: {} };
  const command = { case: "action" as const, value: { action } };
  ground.shard.command({ entity: killer, sequence, command });
  await ground.run(500, () => session.sample());
  expect(session.selfState.respawnTick).toBeGreaterThan(0);
}

test("a gift goes over, and both are told of their credits", async () => {
  const { ground, ada, bo } = await meet({ seed: 1 });
  const told = perform(ada, { case: "give", entity: bo.entityId });
  await ground.run(500, () => draw(ada, bo));
  expect(told).toMatchObject([{ done: { tick: expect.any(Number) } }]);
  expect([ada.selfState.credits, bo.selfState.credits]).toEqual([2, 4]);
  expect([ada.stats.corrections, bo.stats.corrections]).toEqual([0, 0]);
});

describe.each([20, 30, 60])("at %d Hz", (tickRate) => {
  test("a respawn brings the dead back at once, which corrects nothing", async () => {
    const { ground, ada } = await meet({ seed: 2, tickRate });
    await kill(ground, ada);
    const { corrections } = ada.stats;
    ada.setControls(1, 0);
    const told = perform(ada, { case: "respawn" });
    await ground.run(400, () => ada.sample());
    expect(told).toHaveLength(1);
    expect(ada.selfState).toMatchObject({ credits: 2, deaths: 1, health: 100, respawnTick: 0 });
    expect(ada.sample().self).toMatchObject({ state: "moving", dx: 1 });
    await ground.run(5_000, () => ada.sample());
    expect(ada.stats.corrections).toBe(corrections);
    expect(ada.stats.stateMismatches).toBe(0);
  });
});

test.each([
  ["long before", 1_000],
  ["right before", 2_850],
  ["in the same moment as", 2_940],
  ["after", 3_100],
])("a respawn %s the return corrects nothing, over a bad path as well", async (_, afterMs) => {
  let lateInAll = 0;
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { ground, ada } = await meet({ seed, conditions: BAD });
    // Until the estimates of the path have settled.
    const walk = createWalk(ada, seed);
    await ground.run(20_000, walk);
    await kill(ground, ada);
    const { tickRate } = ada.parameters;
    const goneMs = 3_000 - ((ada.selfState.respawnTick - ada.stats.serverTick) * 1_000) / tickRate;
    const { corrections } = ada.stats;
    const { lateInputs } = ground.shard;
    await ground.run(afterMs - goneMs, () => ada.sample());
    const told = perform(ada, { case: "respawn" });
    ada.setControls(1, 1);
    await ground.run(5_000, () => ada.sample());
    expect(told).toHaveLength(1);
    // Controls that came too late correct with or without a respawn.
    const late = ground.shard.lateInputs - lateInputs;
    expect(ada.stats.corrections - corrections, `seed ${seed}`).toBeLessThanOrEqual(late);
    lateInAll += late;
    expect(ada.selfState.credits).toBe(told[0] && "done" in told[0] ? 2 : 3);
  }
  expect(lateInAll).toBeLessThan(4);
});

test("what the shard refuses rejects with its reason, and changes nothing", async () => {
  const { ground, ada, bo } = await meet({ seed: 3 });
  const alive = perform(ada, { case: "respawn" });
  const toOneself = perform(ada, { case: "give", entity: ada.entityId });
  const gifts = Array.from({ length: 4 }, () =>
    perform(ada, { case: "give", entity: bo.entityId }),
  );
  await ground.run(500, () => draw(ada, bo));
  expect(problemOf(alive)).toMatchObject({ problem: "refused", reason: "ALIVE" });
  expect(problemOf(alive).message).toBe("cannot respawn: the player is alive (ALIVE)");
  expect(problemOf(toOneself)).toMatchObject({ problem: "refused", reason: "INVALID" });
  expect(gifts.map(([first]) => first !== undefined && "done" in first)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(problemOf(gifts[3] ?? []).reason).toBe("UNAFFORDABLE");
  expect([ada.selfState.credits, bo.selfState.credits]).toEqual([0, 6]);
});

test("an action right after the join is done once the player is there", async () => {
  const ground = new Playground({ conditions: CLEAN, seed: 4 });
  const bo = await ground.join("bo");
  const ada = await ground.join("ada");
  expect(ada.sample().self).toBeNull();
  const told = perform(ada, { case: "give", entity: bo.entityId });
  await ground.run(500, () => draw(ada, bo));
  expect(told).toMatchObject([{ done: {} }]);
});

describe("an action whose answer is lost is done once, and answered", () => {
  test("after a cut", async () => {
    const { ground, ada, bo } = await meet({ seed: 5 });
    ground.shard.answers = false;
    const told = perform(ada, { case: "give", entity: bo.entityId });
    await ground.run(200, () => draw(ada, bo));
    ground.network.cut();
    ground.shard.answers = true;
    await ground.until(() => ada.status === "playing" && bo.status === "playing");
    await ground.run(1_000, () => draw(ada, bo));
    expect(told).toMatchObject([{ done: {} }]);
    expect([ada.selfState.credits, bo.selfState.credits]).toEqual([2, 4]);
  });

  test("after a crash of the shard, whether it got there or not", async () => {
    for (const beforeMs of [0, 16, 32, 64, 200]) {
      const { ground, ada, bo } = await meet({ seed: 6 });
      const told = perform(ada, { case: "give", entity: bo.entityId });
      await ground.run(beforeMs, () => draw(ada, bo));
      ground.killShard();
      await ground.run(500, () => draw(ada, bo));
      ground.reviveShard();
      await ground.until(() => ada.status === "playing" && bo.status === "playing");
      await ground.run(1_000, () => draw(ada, bo));
      expect(told).toMatchObject([{ done: {} }]);
      expect([ada.selfState.credits, bo.selfState.credits]).toEqual([2, 4]);
    }
  });

  test("over the same connection, five seconds later", async () => {
    const { ground, ada, bo } = await meet({ seed: 7 });
    ground.shard.answers = false;
    const told = perform(ada, { case: "give", entity: bo.entityId });
    await ground.run(4_000, () => draw(ada, bo));
    ground.shard.answers = true;
    expect(told).toEqual([]);
    await ground.run(1_500, () => draw(ada, bo));
    expect(told).toMatchObject([{ done: {} }]);
    expect([ada.selfState.credits, bo.selfState.credits]).toEqual([2, 4]);
  });
});

test("an action while the shard is away waits for it; a new shard may know nobody", async () => {
  const { ground, ada } = await meet({ seed: 8 });
  ground.killShard();
  await ground.run(300, () => ada.sample());
  const told = perform(ada, { case: "respawn" });
  await ground.run(2_000, () => ada.sample());
  ground.startShard(9_000);
  await ground.until(() => ada.status === "playing");
  await ground.run(1_000, () => ada.sample());
  expect(problemOf(told).reason).toBe("ALIVE");
});

test("at another shard nothing is done of what was meant for the one before", async () => {
  const { ground, ada, bo } = await meet({ seed: 8 });
  const give = { case: "give", entity: bo.entityId } as const;
  ground.shard.answers = false;
  const sent = perform(ada, give);
  await ground.run(200, () => draw(ada, bo));
  ground.killShard();
  await ground.run(300, () => ada.sample());
  const unsent = perform(ada, give);
  ground.shardKey = "arena:2:eu-west-1";
  ground.startShard(9_000);
  await ground.until(() => ada.status === "playing" && bo.status === "playing");
  await ground.run(1_000, () => draw(ada, bo));
  expect([ada.shardKey, ada.region]).toEqual(["arena:2:eu-west-1", "eu-west-1"]);
  expect(problemOf(sent).problem).toBe("unknown");
  expect(problemOf(unsent).problem).toBe("closed");
  expect(problemOf(unsent).message).toContain("cannot give: the session went on at another shard");
  expect([ada.selfState.credits, bo.selfState.credits]).toEqual([3, 3]);
});

test("a 33rd action is turned away at once, and one with a known id is the same one", async () => {
  const { ground, ada, bo } = await meet({ seed: 9 });
  ground.shard.answers = false;
  const action = { case: "give" as const, entity: bo.entityId };
  const actionId = new Uint8Array(16).fill(9);
  const first = perform(ada, action, { actionId });
  const waiting = Array.from({ length: 31 }, () => perform(ada, action));
  const crowded = perform(ada, action);
  const again = perform(ada, action, { actionId });
  await ground.run(16);
  expect(problemOf(crowded).problem).toBe("crowded");
  expect(problemOf(crowded).message).toBe(
    "cannot give: 32 actions wait for answers; await some first",
  );
  ground.shard.answers = true;
  await ground.run(6_000, () => draw(ada, bo));
  expect(first).toEqual(again);
  expect(waiting.filter(([told]) => told !== undefined && "done" in told)).toHaveLength(2);
  expect(bo.selfState.credits).toBe(6);
});

test("an id of another length is refused", async () => {
  const { ada } = await meet({ seed: 10 });
  const attempt = ada.perform({ case: "respawn" }, { actionId: new Uint8Array(4) });
  await expect(attempt).rejects.toThrow("cannot respawn: actionId has 4 bytes; give it 16 or none");
});

test("when the session closes, what was sent is unknown and can be asked for again", async () => {
  const { ground, ada, bo } = await meet({ seed: 11 });
  ground.shard.answers = false;
  const action = { case: "give" as const, entity: bo.entityId };
  const sent = perform(ada, action);
  await ground.run(200, () => draw(ada, bo));
  ground.killShard();
  const unsent = perform(ada, action);
  await ada.leave();
  await ground.run(16);
  expect(problemOf(sent).problem).toBe("unknown");
  expect(problemOf(sent).message).toStartWith("cannot tell whether give was done: ");
  expect(problemOf(unsent).problem).toBe("closed");
  const late = perform(ada, action);
  await ground.run(16);
  expect(problemOf(late).message).toBe("cannot give: the session is closed; join again");

  ground.reviveShard();
  ground.shard.answers = true;
  const adaAgain = await ground.join("ada");
  const { actionId } = problemOf(sent);
  const again = perform(adaAgain, action, { actionId });
  await ground.run(500, () => draw(adaAgain));
  expect(again).toMatchObject([{ done: { actionId } }]);
  expect(adaAgain.selfState.credits).toBe(2);
});

test("notices are told, and are over when a new connection hears of none", async () => {
  const { ground, ada } = await meet({ seed: 12 });
  const told: string[] = [];
  ada.on("notice", ({ kind, message }) => told.push(`${NoticeKind[kind]} ${message}`));
  const slow = { kind: NoticeKind.STORAGE_SLOW, message: "the disk is slow" };
  ground.shard.tell({ case: "notice", value: slow });
  await ground.run(100);
  expect(ada.notice).toEqual(slow);
  const announcement = { kind: NoticeKind.ANNOUNCEMENT, message: "back at nine" };
  ground.shard.tell({ case: "notice", value: announcement });
  await ground.run(16);
  expect(told.pop()).toBe("ANNOUNCEMENT back at nine");
  expect(ada.notice).toEqual(slow);
  ground.shard.tell({ case: "notice", value: { kind: NoticeKind.RECOVERED, message: "well" } });
  await ground.run(100);
  expect(ada.notice).toBeNull();
  ground.shard.tell({ case: "notice", value: slow });
  await ground.run(100);
  ground.network.cut();
  await ground.until(() => ada.status === "playing");
  expect(ada.notice).toBeNull();
  expect(told).toEqual([
    "STORAGE_SLOW the disk is slow",
    "RECOVERED well",
    "STORAGE_SLOW the disk is slow",
    "RECOVERED ",
  ]);
});

test("an action that cannot be said is refused here, and nothing else suffers", async () => {
  const { ground, ada, bo } = await meet({ seed: 3 });
  const wrong = ada.perform({ case: "give", entity: -1 });
  await expect(wrong).rejects.toThrow(/^cannot give: .*; mend its numbers$/);
  const told = perform(ada, { case: "give", entity: bo.entityId });
  await ground.run(1_000, () => draw(ada, bo));
  expect(told).toMatchObject([{ done: {} }]);
});

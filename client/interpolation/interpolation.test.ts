import { expect, test } from "bun:test";
import type { PathConditions } from "#shared/net/packet-path.ts";
import { createRandom } from "#shared/sim/index.ts";
import { BAD, CLEAN, Playground } from "../sdk/testing/playground.ts";

/** Units per second on an axis. */
const SPEED = 96;

interface Walker {
  entity: number;
  sequence: number;
  /** Ticks in which it changed something. */
  changes: number[];
}

async function watchWalkers(conditions: PathConditions, seed: number) {
  const ground = new Playground({ conditions, seed });
  const session = await ground.join("ada");
  const names = ["bo", "cy", "di", "ed", "flo", "gus"];
  for (const name of names) ground.shard.join(name);
  await ground.run(1_000, () => session.sample());
  const walkers: Walker[] = names.map((name) => ({
    entity: ground.shard.entityOf(name),
    sequence: 0,
    changes: [],
  }));
  const random = createRandom(seed + 1);
  const wander = () => {
    for (const walker of walkers) {
      if (random.below(30) !== 0) continue;
      walker.sequence += 1;
      walker.changes.push(ground.shard.world.tick + 1);
      const controls = { dx: random.below(3) - 1, dy: random.below(3) - 1 };
      const { entity, sequence } = walker;
      const command = { case: "controls" as const, value: controls };
      ground.shard.command({ entity, sequence, command });
    }
  };
  return { ground, session, walkers, wander };
}

test("others are shown where they truly were, but for frames in which they turned", async () => {
  const { ground, session, walkers, wander } = await watchWalkers(CLEAN, 1);
  let compared = 0;
  await ground.run(30_000, () => {
    wander();
    const view = session.sample();
    for (const other of view.others) {
      const walker = walkers.find(({ entity }) => entity === other.id);
      const tick = Math.floor(view.tick);
      const turning = walker?.changes.some((change) => Math.abs(change - tick) <= 4);
      const from = ground.shard.past.get(tick)?.get(other.id);
      const to = ground.shard.past.get(tick + 1)?.get(other.id);
      if (turning !== false || from === undefined || to === undefined) continue;
      const part = view.tick - tick;
      expect(Math.abs(other.x - (from.x + (to.x - from.x) * part) / 10)).toBeLessThan(1);
      expect(Math.abs(other.y - (from.y + (to.y - from.y) * part) / 10)).toBeLessThan(1);
      compared += 1;
    }
  });
  expect(compared).toBeGreaterThan(2_000);
  expect(session.stats.stateChecks).toBeGreaterThan(200);
  expect(session.stats.stateMismatches).toBe(0);
});

test("a busy shard's frames, one to four intervals apart, show others as truly", async () => {
  const { ground, session, walkers, wander } = await watchWalkers(CLEAN, 5);
  const random = createRandom(9);
  let left = 0;
  ground.shard.takesTurn = () => {
    left = left === 0 ? random.below(4) : left - 1;
    return left === 0;
  };
  let compared = 0;
  let frozen = 0;
  let shownTick = 0;
  await ground.run(60_000, (ms) => {
    wander();
    const view = session.sample();
    if (ms < 10_000) return;
    if (view.tick - shownTick < 0.2) frozen += 1;
    shownTick = view.tick;
    for (const other of view.others) {
      const walker = walkers.find(({ entity }) => entity === other.id);
      const tick = Math.floor(view.tick);
      const turning = walker?.changes.some((change) => Math.abs(change - tick) <= 13);
      const truth = ground.shard.past.get(tick)?.get(other.id);
      const next = ground.shard.past.get(tick + 1)?.get(other.id);
      if (turning !== false || truth === undefined || next === undefined) continue;
      const part = view.tick - tick;
      expect(Math.abs(other.x - (truth.x + (next.x - truth.x) * part) / 10)).toBeLessThan(1);
      compared += 1;
    }
  });
  expect(compared).toBeGreaterThan(1_000);
  expect(frozen).toBe(0);
  const { interpolationDelayMs, stateMismatches } = session.stats;
  expect(interpolationDelayMs).toBeGreaterThanOrEqual(400);
  expect(stateMismatches).toBe(0);
  ground.shard.takesTurn = () => true;
  await ground.run(10_000, () => session.sample());
  expect(session.stats.interpolationDelayMs).toBeLessThan(150);
});

for (const conditions of [CLEAN, BAD]) {
  test(`nobody jumps (${conditions.loss === 0 ? "clean" : "bad"} path)`, async () => {
    const { ground, session, wander } = await watchWalkers(conditions, 2);
    const last = new Map<number, { x: number; y: number }>();
    await ground.run(60_000, () => {
      wander();
      for (const other of session.sample().others) {
        const before = last.get(other.id);
        if (before !== undefined) {
          // As fast as one walks, once more while a wrong guess fades, and a little for slewing.
          const stepMax = (2.2 * SPEED * 16) / 1_000;
          expect(Math.abs(other.x - before.x)).toBeLessThan(stepMax);
          expect(Math.abs(other.y - before.y)).toBeLessThan(stepMax);
        }
        last.set(other.id, { x: other.x, y: other.y });
      }
    });
    expect(last.size).toBe(6);
  });
}

test("a fight is told: hits, the death, the dead and the return", async () => {
  const ground = new Playground({ conditions: CLEAN, seed: 3 });
  const session = await ground.join("ada");
  ground.shard.join("bo");
  ground.shard.join("cy");
  await ground.run(500, () => session.sample());
  const [bo, cy] = [ground.shard.entityOf("bo"), ground.shard.entityOf("cy")];
  const { players } = ground.shard.world;
  const rowOf = (entity: number) => players.ids.indexOf(entity);
  players.columns.x[rowOf(bo)] = 1_000;
  players.columns.y[rowOf(bo)] = 1_000;
  players.columns.x[rowOf(cy)] = 1_200;
  players.columns.y[rowOf(cy)] = 1_000;
  players.columns.facingRight[rowOf(bo)] = 1;
  const told: string[] = [];
  session.on("event", (event) => told.push(event.type));
  const states = new Set<string>();
  let sequence = 0;
  await ground.run(12_000, (ms) => {
    if (ms % 1_200 === 0 && sequence < 5) {
      sequence += 1;
      const action = { case: "attack" as const, value: {} };
      const command = { case: "action" as const, value: { action } };
      ground.shard.command({ entity: bo, sequence, command });
    }
    for (const other of session.sample().others) {
      if (other.id === cy) states.add(other.state);
      if (other.id === bo) expect(other.name).toBe("bo");
    }
  });
  expect(told).toEqual(["hit", "hit", "hit", "hit", "hit", "death"]);
  expect([...states].sort()).toEqual(["dead", "idle"]);
  const shown = session.sample().others.find(({ id }) => id === cy);
  expect(shown).toMatchObject({ state: "idle", health: 100 });
});

import { expect, test } from "bun:test";
import { ARENA_PARAMETERS, type ArenaSelf, entityId } from "#shared/sim/index.ts";
import { BAD, CLEAN, createWalk, Playground } from "../sdk/testing/playground.ts";
import { ArenaPrediction } from "./arena-prediction.ts";
import { Predictor } from "./predictor.ts";

for (const tickRate of [20, 30, 60]) {
  test(`a player nobody hits is never corrected at ${tickRate} Hz on a clean path`, async () => {
    const ground = new Playground({ conditions: CLEAN, seed: 1, tickRate });
    const session = await ground.join("ada");
    const walk = createWalk(session, 2);
    await ground.run(60_000, (ms) => {
      walk(ms);
      session.sample();
    });
    expect(session.stats.corrections).toBe(0);
    expect(session.stats.framesIn).toBeGreaterThan(300);
  });
}

for (const seed of [1, 2, 3]) {
  test(`150 ± 30 ms and 2 % loss correct nobody in steady state (seed ${seed})`, async () => {
    const ground = new Playground({ conditions: BAD, seed });
    const session = await ground.join("ada");
    const walk = createWalk(session, seed + 100);
    await ground.run(30_000, (ms) => {
      walk(ms);
      session.sample();
    });
    const { corrections } = session.stats;
    const { lateInputs } = ground.shard;
    const again = createWalk(session, seed + 200);
    await ground.run(180_000, (ms) => {
      again(ms);
      session.sample();
    });
    expect(session.stats.corrections - corrections).toBe(0);
    expect(ground.shard.lateInputs - lateInputs).toBe(0);
    expect(session.selfState.health).toBe(100);
  });
}

test("the own player is shown without jumps and rests where the shard has it", async () => {
  const ground = new Playground({ conditions: BAD, seed: 4 });
  const session = await ground.join("ada");
  const walk = createWalk(session, 5);
  let last: { x: number; y: number } | undefined;
  await ground.run(30_000, (ms) => {
    walk(ms);
    const { self } = session.sample();
    if (self === null) return;
    // 96 units a second is 1.6 a frame; a correction may add as much again while it fades.
    if (last !== undefined) {
      expect(Math.abs(self.x - last.x)).toBeLessThan(4);
      expect(Math.abs(self.y - last.y)).toBeLessThan(4);
    }
    last = { x: self.x, y: self.y };
  });
  session.setControls(0, 0);
  await ground.run(3_000, () => session.sample());
  const truth = ground.shard.past.get(ground.shard.world.tick)?.get(session.entityId);
  const { self } = session.sample();
  expect(self?.x).toBeCloseTo((truth?.x ?? -1) / 10, 6);
  expect(self?.y).toBeCloseTo((truth?.y ?? -1) / 10, 6);
});

test("a page that slept comes back with what the shard says, without a storm", async () => {
  const ground = new Playground({ conditions: CLEAN, seed: 6 });
  const session = await ground.join("ada");
  await ground.run(2_000, () => session.sample());
  session.setControls(1, 0);
  const { bytesOut } = session.stats;
  // No frame is drawn for half a minute; the socket goes on.
  await ground.run(30_000);
  session.sample();
  await ground.run(200, () => session.sample());
  const truth = ground.shard.past.get(ground.shard.world.tick)?.get(session.entityId);
  expect(Math.abs((session.sample().self?.x ?? -1) - (truth?.x ?? 0) / 10)).toBeLessThan(15);
  expect(session.stats.bytesOut - bytesOut).toBeLessThan(1_000);
  expect(session.stats.corrections).toBe(0);
});

test("a held attack key sends one intent per attack and tells the rest apart", async () => {
  const ground = new Playground({ conditions: CLEAN, seed: 7 });
  const session = await ground.join("ada");
  await ground.run(500, () => session.sample());
  let refused = 0;
  session.on("rejection", ({ sequence }) => {
    expect(sequence).toBe(0);
    refused += 1;
  });
  const { bytesOut } = session.stats;
  await ground.run(3_000, () => session.attack());
  expect(refused).toBeGreaterThan(100);
  // Three attacks of a second each, and three pings.
  expect(session.stats.bytesOut - bytesOut).toBeLessThan(120);
});

test("what lasts is as the shard told it last, and never a reason to predict anew", () => {
  const self: ArenaSelf = {
    ...{ x: 10_000, y: 10_000, controls: { dx: 1, dy: 0 }, facingRight: true, state: 2 },
    ...{ health: 100, attackEndTick: 0, attackReadyTick: 0, respawnTick: 0 },
    ...{ kills: 1, deaths: 2, score: 3, credits: 4 },
  };
  const world = new ArenaPrediction({ parameters: ARENA_PARAMETERS, entity: entityId(3, 1) });
  const predictor = new Predictor({ world, tick: 10, self });
  predictor.advance(20);
  const told = { ...self, x: 10_000 + 5 * 32, kills: 2, score: 14, credits: 5 };
  const { previous } = predictor;
  expect(predictor.reconcile(15, 0, told)).toMatchObject({ movedX: 0, movedY: 0 });
  // It has not been stepped again.
  expect(predictor.previous).toBe(previous);
  const lasting = { kills: 2, deaths: 2, score: 14, credits: 5 };
  expect(predictor.current).toMatchObject({ x: 10_320, ...lasting });
  predictor.advance(21);
  expect(predictor.current).toMatchObject({ x: 10_352, ...lasting });
});

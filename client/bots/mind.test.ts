import { expect, test } from "bun:test";
import { createRandom } from "#shared/sim/index.ts";
import type { ArenaView, EntityView } from "../sdk/session-types.ts";
import { type Decision, Mind } from "./mind.ts";

const WORLD = { width: 2_000, height: 2_000 };
const THINK_MS = 250;
/** Units in a thought's time. */
const STEP = 24;

type Figure = { -readonly [Name in keyof EntityView]: EntityView[Name] };

function figure(id: number, place: { x: number; y: number }): Figure {
  return {
    id,
    name: String(id),
    ...place,
    dx: 0,
    dy: 0,
    facingRight: true,
    state: "idle",
    health: 100,
    score: 0,
    self: id === 1,
  };
}

function move(who: Figure, { dx, dy, face }: Decision): void {
  who.x += dx * STEP;
  who.y += dy * STEP;
  if (dx !== 0) who.facingRight = dx > 0;
  if (face !== null) who.facingRight = face;
}

function live(seed: number, others: readonly Figure[], minutes: number) {
  const mind = new Mind({ random: createRandom(seed), world: WORLD });
  const self = figure(1, { x: 1_000, y: 1_000 });
  const view: ArenaView = { tick: 0, self, others };
  const goals = new Map<string, number>();
  const strikes: EntityView[] = [];
  for (let nowMs = 0; nowMs < minutes * 60_000; nowMs += THINK_MS) {
    const decision = mind.think(view, nowMs);
    move(self, decision);
    goals.set(mind.goal, (goals.get(mind.goal) ?? 0) + 1);
    if (decision.attack) strikes.push({ ...self });
    expect(self.x).toBeWithin(0, WORLD.width + 1);
    expect(self.y).toBeWithin(0, WORLD.height + 1);
  }
  return { goals, strikes, self, mind, view };
}

test("alone it walks and rests, and stays inside the world", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { goals } = live(seed, [], 10);
    expect([...goals.keys()].sort()).toEqual(["rest", "walk"]);
    expect(goals.get("walk")).toBeGreaterThan(500);
    expect(goals.get("rest")).toBeGreaterThan(100);
  }
});

test("it strikes only someone within reach, facing them", () => {
  const neighbour = figure(2, { x: 1_100, y: 1_040 });
  const { strikes } = live(6, [neighbour], 20);
  expect(strikes.length).toBeGreaterThan(5);
  for (const { x, y, facingRight } of strikes) {
    expect(Math.hypot(x - neighbour.x, y - neighbour.y)).toBeLessThanOrEqual(40);
    expect(facingRight).toBe(neighbour.x >= x);
  }
});

test("it starts no fight with someone who has just come into sight", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const newcomer = figure(2, { x: 1_030, y: 1_000 });
    const { goals } = live(seed, [newcomer], 0.24);
    expect(goals.has("fight")).toBe(false);
  }
});

test("it leaves the dead alone", () => {
  const dead: Figure = { ...figure(2, { x: 1_020, y: 1_000 }), state: "dead" };
  expect(live(7, [dead], 10).strikes).toEqual([]);
});

test("while dead it does nothing but pay, now and then, to live again", () => {
  const { mind, view, self } = live(8, [], 1);
  let nowMs = 70_000;
  let paid = 0;
  for (let death = 0; death < 200; death += 1) {
    self.state = "dead";
    let respawns = 0;
    for (let thought = 0; thought < 12; thought += 1) {
      nowMs += THINK_MS;
      const { respawn, ...rest } = mind.think(view, nowMs);
      expect(rest).toEqual({ dx: 0, dy: 0, face: null, attack: false });
      if (respawn) expect(thought).toBeGreaterThan(1);
      respawns += Number(respawn);
    }
    expect(respawns).toBeLessThan(2);
    paid += respawns;
    self.state = "idle";
    expect(mind.think(view, nowMs).respawn).toBe(false);
  }
  expect(paid).toBeWithin(20, 120);
});

test("whoever is hit fights back or runs away", () => {
  const reactions = new Set<string>();
  for (let seed = 0; seed < 20; seed += 1) {
    const attacker = figure(2, { x: 1_300, y: 1_000 });
    const mind = new Mind({ random: createRandom(seed), world: WORLD });
    const self = figure(1, { x: 1_000, y: 1_000 });
    const view: ArenaView = { tick: 0, self, others: [attacker] };
    mind.think(view, 0);
    mind.wasHit(attacker.id, 10);
    reactions.add(mind.goal);
    expect(mind.think(view, 20).dx).toBe(mind.goal === "fight" ? 1 : -1);
  }
  expect([...reactions].sort()).toEqual(["fight", "flee"]);
});

test("the same seed lives the same life", () => {
  const neighbour = () => [figure(2, { x: 1_200, y: 900 })];
  expect(live(9, neighbour(), 5).self).toEqual(live(9, neighbour(), 5).self);
});

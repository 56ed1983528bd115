import { expect, test } from "bun:test";
import { Block, BlocksKind, SLOTS } from "#shared/sim/index.ts";
import { ActionError } from "../../../index.ts";
import { contentOf } from "../hud/chest-panel.ts";
import { itemLook } from "../items/item-look.ts";
import { BLOCK } from "../scale.ts";
import type { Figure } from "../scene/figures.ts";
import { type SightLine, sightLine } from "../scene/sight-line.ts";
import { PlainLand } from "../testing/plain-land.ts";
import { aimAtBlock, aimAtFigure, nearest } from "./aim.ts";
import { GOALS_SHOWN, Goals, listGoals } from "./goals.ts";
import { Pockets, readOrder } from "./pockets.ts";
import { refusalWords } from "./refusals.ts";
import { lineOf } from "./words.ts";

/** Straight ahead from a camera south of the place, down to its middle. */
function sightTo(x: number, y: number): SightLine {
  return sightLine({ x: x * BLOCK, y: y * BLOCK, distance: 900 }, { x: 0, y: 0, aspect: 1.5 });
}

function figure(part: Partial<Figure> & { id: number }): Figure {
  return {
    name: "",
    x: 0,
    y: 0,
    dx: 0,
    dy: 0,
    facingRight: true,
    state: "idle",
    health: 100,
    score: 0,
    self: false,
    kind: BlocksKind.Cow,
    facing: 0,
    mood: 0,
    item: 0,
    count: 0,
    ghost: false,
    ownName: "",
    ...part,
  };
}

const memory = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

test("the middle of the window is what the camera looks at", () => {
  const { x, y } = sightTo(20.5, 20.5).at(0);
  expect([x / BLOCK, y / BLOCK].map((value) => Math.round(value * 100) / 100)).toEqual([
    20.5, 20.5,
  ]);
  expect(sightTo(20.5, 20.5).at(30).y).toBeGreaterThan(y);
});

test("one points at what stands in the way, else at the ground where it would stand", () => {
  const land = new PlainLand();
  const from = { x: 20.5, y: 22.5 };
  const open = aimAtBlock(land, sightTo(20.5, 20.5), { layer: 1, from });
  expect(open).toMatchObject({ place: { x: 20, y: 20, layer: 1 }, id: Block.Air, inReach: true });
  // The wall to the south hides the ground behind it.
  land.put({ x: 20, y: 21, layer: 1 }, Block.Planks);
  const wall = aimAtBlock(land, sightTo(20.5, 20.7), { layer: 1, from });
  expect(wall).toMatchObject({ place: { x: 20, y: 21, layer: 1 }, id: Block.Planks });
  const floor = aimAtBlock(land, sightTo(20.5, 20.5), { layer: 0, from });
  expect(floor).toMatchObject({ place: { x: 20, y: 20, layer: 0 }, id: Block.Grass });
  const roof = aimAtBlock(land, sightTo(20.5, 20.5), { layer: 2, from });
  expect(roof).toMatchObject({ place: { layer: 2, y: 21 }, id: Block.Air });
});

test("reach is five blocks, as the rules have it", () => {
  const land = new PlainLand();
  const inReach = (y: number) =>
    aimAtBlock(land, sightTo(20.5, 20.5), { layer: 0, from: { x: 20.5, y } })?.inReach;
  expect(inReach(25.5)).toBe(true);
  expect(inReach(25.6)).toBe(false);
  expect(aimAtBlock(land, sightTo(-3, 20), { layer: 0, from: { x: 1, y: 20 } })).toBeNull();
});

test("somebody near the line of sight is pointed at, the dead and oneself never", () => {
  const cow = figure({ id: 2, x: 20.5 * BLOCK, y: 20.6 * BLOCK });
  const far = figure({ id: 3, x: 23 * BLOCK, y: 20.5 * BLOCK });
  const self = figure({ id: 1, x: 20.5 * BLOCK, y: 20.5 * BLOCK, self: true });
  const dead = figure({ id: 4, x: 20.5 * BLOCK, y: 20.5 * BLOCK, state: "dead" });
  const all = [self, dead, far, cow];
  expect(aimAtFigure(all, sightTo(20.5, 20.4))?.id).toBe(2);
  expect(aimAtFigure([self, dead, far], sightTo(20.5, 20.4))).toBeNull();
  expect(aimAtFigure([{ ...cow, ghost: true }], sightTo(20.5, 20.4))).toBeNull();
  const wanted = { within: 3, is: ({ kind }: Figure) => kind === BlocksKind.Cow };
  expect(nearest(all, { x: 22.4, y: 20.5 }, wanted)?.id).toBe(3);
  expect(nearest(all, { x: 40, y: 20.5 }, wanted)).toBeNull();
});

test("pockets keep their order from one visit to the next, and no slot is lost", () => {
  const store = memory();
  const pockets = new Pockets(store);
  pockets.swap(1, 20);
  pockets.choose(-1);
  expect(pockets.place).toBe(8);
  pockets.choose(1);
  const inventory = Array.from({ length: SLOTS }, (_, item) => ({ item, count: 1 }));
  expect(pockets.inHand(inventory)).toEqual({ item: 20, count: 1, slot: 20 });
  expect(new Pockets(store).slotAt(20)).toBe(1);
  const plain = Array.from({ length: SLOTS }, (_, slot) => slot);
  for (const kept of [null, "", "{}", "[1,2]", JSON.stringify(plain.map(() => 3))]) {
    expect(readOrder(kept)).toEqual(plain);
  }
});

test("a chest's panel shows what is told of that chest, and nothing of another", () => {
  const place = { x: 4, y: 5, layer: 1 };
  const slots = [{ item: 2000, count: 3 }];
  expect(contentOf({ place: { ...place }, slots }, place)).toEqual(slots);
  expect(contentOf({ place: { ...place, x: 6 }, slots }, place)).toEqual([]);
  expect(contentOf(null, place)).toEqual([]);
});

test("things to do are ticked off once and stay so", () => {
  const [store, done] = [memory(), [] as string[]];
  const goals = new Goals(store, (text) => done.push(text));
  expect(goals.next()).toHaveLength(GOALS_SHOWN);
  goals.look({ underRoof: true, inventory: [{ item: Block.Stone, count: 1 }] });
  goals.look({ underRoof: true, inventory: [] });
  goals.acted({ case: "buildPlace", place: { x: 1, y: 1, layer: 2 }, slot: 0 });
  goals.acted({ case: "interact", entity: 7 });
  goals.acted({ case: "interact", entity: 7, choice: 2 });
  goals.felled(BlocksKind.Cow);
  goals.felled(BlocksKind.Monster);
  expect(done).toHaveLength(6);
  expect(new Goals(store, () => undefined).doneCount).toBe(6);
  expect(listGoals()).toHaveLength(9);
});

test("refusals are told in the page's words, and what is not known is not told", () => {
  const refused = (reason: 8 | 6 | 2) =>
    new ActionError("cannot", { problem: "refused", actionId: new Uint8Array(16), reason });
  expect(refusalWords(refused(8))).toBe("Too far away");
  expect(refusalWords(refused(2))).toBeNull();
  expect(refusalWords(new Error("else"))).toBeNull();
});

test("people have words for every line, and items a name and a look", () => {
  for (const kind of [BlocksKind.Villager, BlocksKind.Trader, BlocksKind.Guard]) {
    const lines = [0, 1, 2, 3].map((line) => lineOf(kind, line));
    expect(new Set(lines).size).toBe(4);
  }
  expect(lineOf(BlocksKind.Trader, 100)).toBe("A pleasure. Come again!");
  expect(itemLook(2000)).toMatchObject({ name: "Healing potion", form: "bottle" });
  expect(itemLook(Block.Planks)).toMatchObject({ name: "Planks", form: "block" });
});

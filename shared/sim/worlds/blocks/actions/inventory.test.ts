// What is carried, laid down, taken up, kept in chests and bought: nothing is doubled or lost.

import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { createRandom } from "../../../kernel/random.ts";
import { placeBlock } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { LAYER_ACTIVE } from "../constants.ts";
import { layItem } from "../entities/entities.ts";
import { Item } from "../items/items.ts";
import type { BlocksAction } from "../messages.ts";
import { stepBlocks } from "../step.ts";
import { at, blockAt, putAt } from "../testing/flat-world.ts";
import {
  act,
  actionInput,
  createFlatWith,
  leaveInput,
  lyingItems,
  slotsOf,
} from "../testing/inputs.ts";
import { countEverywhere } from "../testing/item-count.ts";

const pickup = (entity: number) => ({ case: "pickup" as const, value: { entity } });
const drop = (slot: number, count: number, x = 20, y = 20) => ({
  case: "drop" as const,
  value: { slot, count, x, y },
});
const use = (slot: number, x?: number, y = 20, layer = 0) => ({
  case: "useItem" as const,
  value: x === undefined ? { slot } : { slot, place: { x, y, layer } },
});
const chestAt = (x: number, y: number, choice: number) => ({
  case: "interact" as const,
  value: { target: { case: "place" as const, value: { x, y, layer: LAYER_ACTIVE } }, choice },
});

test("fault 7: what is dropped leaves the inventory and lies there; picked up, it is back", () => {
  const { world, entities } = createFlatWith([{ slots: [0, 0, Block.Stone, 5] }]);
  const [me = 0] = entities;
  expect(act(world, me, drop(1, 2, 21))).toBeNull();
  expect(slotsOf(world, me)).toEqual([0, 0, Block.Stone, 3]);
  expect(lyingItems(world)).toEqual([[Block.Stone, 2, 21, 20]]);
  const lying = world.effects.appeared[0] ?? 0;
  expect(act(world, me, pickup(lying))).toBeNull();
  expect(slotsOf(world, me)).toEqual([0, 0, Block.Stone, 5]);
  expect(lyingItems(world)).toEqual([]);
  expect(act(world, me, pickup(lying))).toBe(RejectionReason.UNAVAILABLE);
});

test("fault 7: of two who take the same in one tick, one has it", () => {
  const { world, entities } = createFlatWith([{}, {}]);
  const [first = 0, second = 0] = entities;
  layItem(world, { x: 20, y: 20 }, { item: Block.Stone, count: 3 });
  const lying = world.entities.ids[2] ?? 0;
  stepBlocks(world, [actionInput(first, 1, pickup(lying)), actionInput(second, 1, pickup(lying))]);
  const reasons = world.effects.outcomes.map(({ reason }) => reason);
  expect(reasons).toEqual([RejectionReason.UNSPECIFIED, RejectionReason.UNAVAILABLE]);
  expect(countEverywhere(world, Block.Stone)).toBe(3);
});

test("fault 7: what is used is used up", () => {
  const { world, entities } = createFlatWith([{ health: 50, slots: [Item.HealingPotion, 2] }]);
  const [me = 0] = entities;
  expect(act(world, me, use(0))).toBeNull();
  expect(world.entities.columns.health[0]).toBe(90);
  expect(act(world, me, use(0))).toBeNull();
  expect(world.entities.columns.health[0]).toBe(100);
  expect(act(world, me, use(0))).toBe(RejectionReason.UNAFFORDABLE);
});

test("a potion is not wasted on one who is well", () => {
  const { world, entities } = createFlatWith([{ slots: [Item.HealingPotion, 1] }]);
  expect(act(world, entities[0] ?? 0, use(0))).toBe(RejectionReason.UNAVAILABLE);
  expect(slotsOf(world, entities[0] ?? 0)).toEqual([Item.HealingPotion, 1]);
});

const REFUSED_DROPS: readonly [string, BlocksAction["action"], RejectionReason][] = [
  ["of a slot that is empty", drop(1, 0), RejectionReason.UNAFFORDABLE],
  ["of a slot that there is not", drop(36, 0), RejectionReason.INVALID],
  ["of more than is there", drop(0, 6), RejectionReason.UNAFFORDABLE],
  ["too far away", drop(0, 1, 23), RejectionReason.TOO_FAR],
  ["into a wall", drop(0, 1, 19), RejectionReason.OCCUPIED],
  ["out of the world", drop(0, 1, -1), RejectionReason.INVALID],
];
test.each(REFUSED_DROPS)("a drop %s is refused", (_, action, reason) => {
  const { world, entities } = createFlatWith([{ slots: [Block.Stone, 5] }]);
  putAt(world, [19, 20, LAYER_ACTIVE], [Block.Planks]);
  expect(act(world, entities[0] ?? 0, action)).toBe(reason);
  expect(countEverywhere(world, Block.Stone)).toBe(5);
});

test("a full inventory takes up nothing, not even a part", () => {
  const slots = Array.from({ length: 36 }, () => [Block.Sand, 64]).flat();
  slots[1] = 63;
  const { world, entities } = createFlatWith([{ slots }]);
  layItem(world, { x: 20, y: 20 }, { item: Block.Sand, count: 2 });
  const lying = world.entities.ids[1] ?? 0;
  expect(act(world, entities[0] ?? 0, pickup(lying))).toBe(RejectionReason.OCCUPIED);
  expect(lyingItems(world)).toEqual([[Block.Sand, 2, 20, 20]]);
});

test("seeds, fertiliser and water help land to grow", () => {
  const slots = [Item.Seeds, 1, Item.Fertiliser, 2, Item.WaterBucket, 1];
  const { world, entities } = createFlatWith([{ slots }]);
  const [me = 0] = entities;
  // Sand around it: grass would grow over moist dirt.
  for (const [x, y] of [
    [21, 20],
    [23, 20],
    [22, 19],
    [22, 21],
  ] as const) {
    putAt(world, [x, y], [Block.Sand]);
  }
  putAt(world, [22, 20], [Block.Dirt, 9]);
  expect(act(world, me, use(2, 22))).toBeNull();
  expect(blockAt(world, 22, 20)[1]).toBe(10);
  expect(slotsOf(world, me).slice(4)).toEqual([Item.Bucket, 1]);
  putAt(world, [23, 20], [Block.Dirt]);
  expect(act(world, me, use(0, 23))).toBeNull();
  expect(blockAt(world, 23, 20)).toEqual([Block.Grass, 0]);
  const before = blockAt(world, 23, 20)[1];
  expect(act(world, me, use(1, 23))).toBeNull();
  expect(blockAt(world, 23, 20)[1]).toBeGreaterThan(before);
  expect(act(world, me, use(1, 30))).toBe(RejectionReason.TOO_FAR);
  expect(act(world, me, use(1, 19))).toBe(RejectionReason.UNAVAILABLE);
});

test("a bucket takes three levels of water and gives them back", () => {
  const { world, entities } = createFlatWith([{ slots: [Item.Bucket, 1] }]);
  const [me = 0] = entities;
  putAt(world, [22, 20], [Block.Water, 7]);
  expect(act(world, me, use(0, 22))).toBeNull();
  expect(blockAt(world, 22, 20)).toEqual([Block.Water, 4]);
  expect(slotsOf(world, me)).toEqual([Item.WaterBucket, 1]);
  expect(act(world, me, use(0, 22))).toBe(RejectionReason.INVALID);
  putAt(world, [18, 20], [Block.Air]);
  expect(act(world, me, use(0, 18))).toBeNull();
  expect(blockAt(world, 18, 20)).toEqual([Block.Water, 3]);
  putAt(world, [21, 20], [Block.Water, 3]);
  expect(act(world, me, use(0, 21))).toBeNull();
  expect(blockAt(world, 21, 20)[0]).toBe(Block.Air);
});

test("a chest keeps what is put in, and must be empty to be broken", () => {
  const { world, entities } = createFlatWith([{ slots: [Block.Stone, 5, Item.Coin, 9] }]);
  const [me = 0] = entities;
  placeBlock(world, at(world, 21, 20, LAYER_ACTIVE), Block.Chest);
  expect(act(world, me, chestAt(21, 20, 102))).toBeNull();
  expect(world.effects.opened).toEqual([{ entity: me, cell: at(world, 21, 20, LAYER_ACTIVE) }]);
  expect(act(world, me, chestAt(21, 20, 101))).toBeNull();
  expect(slotsOf(world, me)).toEqual([]);
  expect(countEverywhere(world, Item.Coin)).toBe(9);
  const place = { x: 21, y: 20, layer: LAYER_ACTIVE };
  const breaking = { case: "buildBreak" as const, value: { place } };
  expect(act(world, me, breaking)).toBe(RejectionReason.OCCUPIED);
  expect(act(world, me, chestAt(21, 20, 0))).toBeNull();
  expect(world.effects.opened).toEqual([]);
  expect(act(world, me, chestAt(21, 20, 1))).toBeNull();
  expect(act(world, me, chestAt(21, 20, 1))).toBe(RejectionReason.UNAVAILABLE);
  expect(act(world, me, chestAt(21, 20, 2))).toBeNull();
  expect(act(world, me, breaking)).toBeNull();
  expect(slotsOf(world, me)).toEqual([Item.Coin, 9, Block.Stone, 5]);
  expect(act(world, me, chestAt(21, 20, 0))).toBe(RejectionReason.INVALID);
});

test("who leaves takes along what it carries", () => {
  const { world, entities } = createFlatWith([{ slots: [Block.Stone, 5] }]);
  stepBlocks(world, [leaveInput(entities[0] ?? 0)]);
  expect(world.effects.departed[0]?.player.slots).toEqual([Block.Stone, 5]);
  expect(world.bags.population).toBe(0);
});

test("whatever three players do with one heap, it stays as it is", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = createRandom(seed);
    const { world, entities } = createFlatWith([
      { slots: [Block.Stone, 40] },
      { slots: [Block.Sand, 9] },
      {},
    ]);
    placeBlock(world, at(world, 20, 20, LAYER_ACTIVE), Block.Chest);
    for (let tick = 0; tick < 200; tick++) {
      const inputs = entities.map((entity) => {
        const lying = world.entities.ids[random.below(20)] ?? 0;
        const actions = [
          drop(random.below(4), random.below(5), 20 + random.below(3), 20),
          pickup(lying),
          chestAt(20, 20, random.below(2) === 0 ? random.below(6) : 101 + random.below(5)),
        ];
        return actionInput(entity, world.tick, actions[random.below(3)] ?? pickup(lying));
      });
      stepBlocks(world, inputs);
      expect(countEverywhere(world, Block.Stone), `seed ${seed}, tick ${tick}`).toBe(40);
      expect(countEverywhere(world, Block.Sand), `seed ${seed}, tick ${tick}`).toBe(9);
    }
  }
});

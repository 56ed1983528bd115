import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { Block } from "../blocks/block-ids.ts";
import { LAYER_ACTIVE, LAYER_CEILING, LAYER_FLOOR } from "../constants.ts";
import { Item } from "../items/items.ts";
import { blockAt, putAt } from "../testing/flat-world.ts";
import { act, createFlatWith, lyingItems, slotsOf } from "../testing/inputs.ts";

const place = (slot: number, x: number, y = 20, layer = LAYER_ACTIVE) => ({
  case: "buildPlace" as const,
  value: { slot, place: { x, y, layer } },
});
const breaking = (x: number, y = 20, layer = LAYER_ACTIVE) => ({
  case: "buildBreak" as const,
  value: { place: { x, y, layer } },
});
const door = (x: number) => ({
  case: "interact" as const,
  value: {
    target: { case: "place" as const, value: { x, y: 20, layer: LAYER_ACTIVE } },
    choice: 0,
  },
});

test("a placed block is taken from the inventory, in whichever layer", () => {
  const { world, entities } = createFlatWith([{ slots: [Block.Planks, 3] }]);
  const [me = 0] = entities;
  for (const layer of [LAYER_ACTIVE, LAYER_CEILING]) {
    expect(act(world, me, place(0, 22, 20, layer))).toBeNull();
    expect(blockAt(world, 22, 20, layer)).toEqual([Block.Planks, 0]);
  }
  expect(slotsOf(world, me)).toEqual([Block.Planks, 1]);
  expect(world.effects.outcomes).toHaveLength(1);
});

const REFUSED: readonly [string, ReturnType<typeof place>, RejectionReason][] = [
  ["where something is", place(0, 21, 20, LAYER_FLOOR), RejectionReason.OCCUPIED],
  ["where somebody stands", place(0, 20), RejectionReason.OCCUPIED],
  ["where another stands", place(0, 23), RejectionReason.OCCUPIED],
  ["where a hitbox reaches into it", place(0, 24), RejectionReason.OCCUPIED],
  ["too far away", place(0, 26), RejectionReason.TOO_FAR],
  ["out of the world", place(0, -1), RejectionReason.INVALID],
  ["in a layer that there is not", place(0, 22, 20, 3), RejectionReason.INVALID],
  ["out of an empty slot", place(4, 22), RejectionReason.UNAFFORDABLE],
  ["that is no block", place(1, 22), RejectionReason.INVALID],
  ["that no player may place", place(2, 22), RejectionReason.INVALID],
];
test.each(REFUSED)("a block %s is refused", (_, action, reason) => {
  const slots = [Block.Planks, 3, Item.Coin, 1, Block.Spawner, 1];
  const { world, entities } = createFlatWith([{ slots }, { x: 2370 }]);
  expect(act(world, entities[0] ?? 0, action)).toBe(reason);
  expect(slotsOf(world, entities[0] ?? 0)).toEqual(slots);
  expect(world.effects.changed.size).toBe(0);
});

test("a roof may be built over somebody", () => {
  const { world, entities } = createFlatWith([{ slots: [Block.Planks, 3] }]);
  expect(act(world, entities[0] ?? 0, place(0, 20, 20, LAYER_CEILING))).toBeNull();
});

test("stone breaks after as many blows as the tool needs, and lies there", () => {
  for (const [slots, blows] of [
    [[], 5],
    [[Item.Pickaxe, 1], 2],
  ] as const) {
    const { world, entities } = createFlatWith([{ slots }]);
    putAt(world, [21, 20, LAYER_ACTIVE], [Block.Stone, 10]);
    for (let blow = 1; blow <= blows; blow++) {
      expect(lyingItems(world)).toEqual([]);
      expect(act(world, entities[0] ?? 0, breaking(21))).toBeNull();
    }
    expect(blockAt(world, 21, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
    expect(lyingItems(world)).toEqual([[Block.Stone, 1, 21, 20]]);
  }
});

test("what cannot be broken is refused", () => {
  const { world, entities } = createFlatWith([{}]);
  const [me = 0] = entities;
  expect(act(world, me, breaking(21))).toBe(RejectionReason.INVALID);
  putAt(world, [21, 20, LAYER_ACTIVE], [Block.Spawner]);
  expect(act(world, me, breaking(21))).toBe(RejectionReason.INVALID);
  expect(act(world, me, breaking(30, 20, LAYER_FLOOR))).toBe(RejectionReason.TOO_FAR);
});

test("a block is not broken while there is no room for what falls out of it", () => {
  const { world, entities } = createFlatWith([{}]);
  putAt(world, [21, 20, LAYER_ACTIVE], [Block.Planks]);
  world.entities.population = world.entities.capacity;
  expect(act(world, entities[0] ?? 0, breaking(21))).toBe(RejectionReason.UNAVAILABLE);
  expect(blockAt(world, 21, 20, LAYER_ACTIVE)).toEqual([Block.Planks, 0]);
});

test("a door opens and closes, but not on somebody", () => {
  const { world, entities } = createFlatWith([{}, { x: 2150 }]);
  const [me = 0] = entities;
  putAt(world, [21, 20, LAYER_ACTIVE], [Block.Door]);
  expect(act(world, me, door(21))).toBeNull();
  expect(blockAt(world, 21, 20, LAYER_ACTIVE)).toEqual([Block.Door, 1]);
  expect(act(world, me, door(21))).toBe(RejectionReason.OCCUPIED);
  expect(act(world, me, door(22))).toBe(RejectionReason.INVALID);
  expect(act(world, me, door(25))).toBe(RejectionReason.TOO_FAR);
});

// Every reason for which each of the nine actions is refused; whatever is refused changes nothing.

import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { Block, DIRT_MOISTURE_MAX } from "../blocks/block-ids.ts";
import { EMOTE_MAX, LAYER_ACTIVE, SLOTS } from "../constants.ts";
import { spawnCreature } from "../creatures/spawn-creature.ts";
import { putIntoBag, writeSlot } from "../entities/bags.ts";
import { writeChestSlot } from "../entities/chests.ts";
import { layItem } from "../entities/entities.ts";
import { ghostId } from "../entities/ghost-id.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { Item } from "../items/items.ts";
import type { BlocksAction } from "../messages.ts";
import { at, putAt } from "../testing/flat-world.ts";
import { act, createFlatWith, slotsOf } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";
import { type BlocksActionCase, blocksActions } from "./action-table.ts";
import { bagOf } from "./reach.ts";

const { INVALID, TOO_FAR, OCCUPIED, UNAVAILABLE, UNAFFORDABLE, COOLDOWN, ALIVE, ELSEWHERE, DEAD } =
  RejectionReason;
const NOBODY = 999;

/** Somebody in the middle of block (20, 20) of a land of grass, and another beside. */
interface Scene {
  readonly world: BlocksWorld;
  readonly me: number;
  readonly other: number;
  readonly bag: number;
}

type Action = BlocksAction["action"];
type Refusal = readonly [what: string, action: (scene: Scene) => Action, RejectionReason];

const place = (x: number, y = 20, layer = LAYER_ACTIVE) => ({ x, y, layer });
const interact = (x: number, choice = 0): Action => ({
  case: "interact",
  value: { target: { case: "place", value: place(x) }, choice },
});
const talk = (entity: number, choice = 0): Action => ({
  case: "interact",
  value: { target: { case: "entity", value: entity }, choice },
});
const attack = (entity: number): Action => ({ case: "attack", value: { entity } });
const pickup = (entity: number): Action => ({ case: "pickup", value: { entity } });
const drop = (slot: number, count = 1, x = 20): Action => ({
  case: "drop",
  value: { slot, count, x, y: 20 },
});
const use = (slot: number, x?: number, layer = 0): Action => ({
  case: "useItem",
  value: x === undefined ? { slot } : { slot, place: place(x, 20, layer) },
});
const build = (slot: number, x: number, layer = LAYER_ACTIVE): Action => ({
  case: "buildPlace",
  value: { slot, place: place(x, 20, layer) },
});
const dig = (x: number, layer = LAYER_ACTIVE): Action => ({
  case: "buildBreak",
  value: { place: place(x, 20, layer) },
});

function give({ world, bag }: Scene, item: number, count = 1): void {
  writeSlot(world, bag, 0, { item, count });
}

function fillBag({ world, bag }: Scene, item: number = Block.Sand, count = 64): void {
  for (let slot = 0; slot < SLOTS; slot++) writeSlot(world, bag, slot, { item, count });
}

function layBeside({ world }: Scene, x = 20): number {
  return world.entities.ids[layItem(world, { x, y: 20 }, { item: Block.Stone, count: 1 })] ?? 0;
}

function meet({ world }: Scene, kind: number, x = 21): number {
  return world.entities.ids[spawnCreature(world, kind, { x, y: 20 })] ?? 0;
}

function chestWith({ world }: Scene, count: number): void {
  putAt(world, [21, 20, LAYER_ACTIVE], [Block.Chest]);
  const stack = { item: Block.Stone, count: 1 };
  for (let slot = 0; slot < count; slot++) {
    writeChestSlot(world, at(world, 21, 20, LAYER_ACTIVE), { slot, stack });
  }
}

/** A trader, and coins enough for its first ware in a bag that has no room for it. */
function meetTraderFull(scene: Scene): number {
  const trader = meet(scene, BlocksKind.Trader);
  fillBag(scene);
  give(scene, Item.Coin, 64);
  return trader;
}

/** What a scene is prepared with before the action. */
function after(prepare: (scene: Scene) => void, action: Action): (scene: Scene) => Action {
  return (scene) => {
    prepare(scene);
    return action;
  };
}

const REFUSALS: Readonly<Record<BlocksActionCase, readonly Refusal[]>> = {
  interact: [
    ["with nothing", () => ({ case: "interact", value: { target: NOTHING, choice: 0 } }), INVALID],
    ["with a block that does nothing", () => interact(21), INVALID],
    ["out of the map", () => interact(-1), INVALID],
    ["with a door that is too far away", after(doorAt(24), interact(24)), TOO_FAR],
    ["with a door otherwise than to open it", after(doorAt(21), interact(21, 1)), INVALID],
    ["with an open door in which somebody stands", after(doorAt(20, 1), interact(20)), OCCUPIED],
    ["with oneself", ({ me }) => talk(me), INVALID],
    ["with a player", ({ other }) => talk(other), INVALID],
    ["with an animal", (scene) => talk(meet(scene, BlocksKind.Cow)), INVALID],
    ["with a person too far away", (scene) => talk(meet(scene, BlocksKind.Guard, 24)), TOO_FAR],
    ["with who is not there", () => talk(NOBODY), UNAVAILABLE],
    ["with who lives elsewhere", () => talk(ghostId(1, 1)), ELSEWHERE],
    ["to buy of a villager", (scene) => talk(meet(scene, BlocksKind.Villager), 1), INVALID],
    ["to buy what there is not", (scene) => talk(meet(scene, BlocksKind.Trader), 99), INVALID],
    ["to buy without coins", (scene) => talk(meet(scene, BlocksKind.Trader), 1), UNAFFORDABLE],
    ["to buy with a full bag", (scene) => talk(meetTraderFull(scene), 1), OCCUPIED],
    [
      "to take of a chest's empty slot",
      after((s) => chestWith(s, 1), interact(21, 2)),
      UNAVAILABLE,
    ],
    ["of a chest's slot beyond the last", after((s) => chestWith(s, 1), interact(21, 28)), INVALID],
    ["of an own slot beyond the last", after((s) => chestWith(s, 1), interact(21, 137)), INVALID],
    [
      "to put in out of an empty slot",
      after((s) => chestWith(s, 1), interact(21, 101)),
      UNAFFORDABLE,
    ],
    ["to put into a full chest", after(fullChest, interact(21, 101)), OCCUPIED],
    ["to take with a full bag", after(fullBagAtChest, interact(21, 1)), OCCUPIED],
  ],
  attack: [
    ["oneself", ({ me }) => attack(me), INVALID],
    ["what lies there", (scene) => attack(layBeside(scene)), INVALID],
    ["who is too far away", (scene) => attack(meet(scene, BlocksKind.Cow, 23)), TOO_FAR],
    ["who is not there", () => attack(NOBODY), UNAVAILABLE],
    ["who lives elsewhere", () => attack(ghostId(1, 1)), ELSEWHERE],
    ["the dead", killOther, UNAVAILABLE],
    ["again too soon", strikeFirst, COOLDOWN],
  ],
  useItem: [
    ["out of an empty slot", () => use(3), UNAFFORDABLE],
    ["out of a slot that there is not", () => use(SLOTS), INVALID],
    ["that has no use", after((s) => give(s, Item.Wool), use(0, 21)), INVALID],
    ["nowhere", after((s) => give(s, Item.Seeds), use(0)), INVALID],
    ["out of the map", after((s) => give(s, Item.Seeds), use(0, -1)), INVALID],
    ["too far away", after((s) => give(s, Item.Seeds), use(0, 26)), TOO_FAR],
    ["a potion, unhurt", after((s) => give(s, Item.HealingPotion), use(0)), UNAVAILABLE],
    ["meat, unhurt", after((s) => give(s, Item.Meat), use(0)), UNAVAILABLE],
    ["seeds on grass", after((s) => give(s, Item.Seeds), use(0, 21)), INVALID],
    ["fertiliser on sand", after(sandAnd(Item.Fertiliser), use(0, 21)), INVALID],
    ["fertiliser on grown grass", after((s) => give(s, Item.Fertiliser), use(0, 21)), UNAVAILABLE],
    ["an empty bucket on land", after((s) => give(s, Item.Bucket), use(0, 21)), INVALID],
    ["a full bucket on sand", after(sandAnd(Item.WaterBucket), use(0, 21)), INVALID],
    ["a full bucket on wet dirt", after(wetDirt, use(0, 21)), UNAVAILABLE],
    ["a pickaxe on air", after((s) => give(s, Item.Pickaxe), use(0, 21, 1)), INVALID],
    ["without room for what is left", after(bucketsAndFull, use(0, 21)), OCCUPIED],
  ],
  pickup: [
    ["who is not there", () => pickup(NOBODY), UNAVAILABLE],
    ["oneself", ({ me }) => pickup(me), INVALID],
    ["a player", ({ other }) => pickup(other), INVALID],
    ["an animal", (scene) => pickup(meet(scene, BlocksKind.Chicken)), INVALID],
    ["who lives elsewhere", () => pickup(ghostId(1, 1)), ELSEWHERE],
    ["what lies too far away", (scene) => pickup(layBeside(scene, 23)), TOO_FAR],
    ["with a full bag", fullBagPickup, OCCUPIED],
  ],
  drop: [
    ["out of an empty slot", () => drop(0), UNAFFORDABLE],
    ["out of a slot that there is not", () => drop(SLOTS), INVALID],
    ["of more than there is", after((s) => give(s, Block.Stone, 5), drop(0, 6)), UNAFFORDABLE],
    ["of less than nothing", after((s) => give(s, Block.Stone, 5), drop(0, -1)), INVALID],
    ["too far away", after((s) => give(s, Block.Stone, 5), drop(0, 1, 23)), TOO_FAR],
    ["out of the map", after((s) => give(s, Block.Stone, 5), drop(0, 1, -1)), INVALID],
    ["into a wall", after(wallAnd, drop(0, 1, 21)), OCCUPIED],
    ["into a full world", after(fullWorldAnd(Block.Stone), drop(0)), UNAVAILABLE],
  ],
  buildPlace: [
    ["out of an empty slot", () => build(0, 22), UNAFFORDABLE],
    ["out of a slot that there is not", () => build(SLOTS, 22), INVALID],
    ["what is no block", after((s) => give(s, Item.Coin), build(0, 22)), INVALID],
    ["what no player may place", after((s) => give(s, Block.Spawner), build(0, 22)), INVALID],
    ["out of the map", after((s) => give(s, Block.Planks), build(0, -1)), INVALID],
    ["in a layer that there is not", after((s) => give(s, Block.Planks), build(0, 22, 3)), INVALID],
    ["too far away", after((s) => give(s, Block.Planks), build(0, 26)), TOO_FAR],
    ["where something is", after((s) => give(s, Block.Planks), build(0, 22, 0)), OCCUPIED],
    ["where somebody stands", after((s) => give(s, Block.Planks), build(0, 20)), OCCUPIED],
  ],
  buildBreak: [
    ["air", () => dig(21), INVALID],
    ["what cannot be broken", after((s) => put(s, Block.Spawner), dig(21)), INVALID],
    ["water", after((s) => put(s, Block.Water), dig(21)), INVALID],
    ["out of the map", () => dig(-1), INVALID],
    ["too far away", () => dig(26, 0), TOO_FAR],
    ["with no room for the drop", after(fullWorldAnd(Block.Planks), dig(21)), UNAVAILABLE],
  ],
  emote: [
    ["below the first", () => ({ case: "emote", value: { emote: -1 } }), INVALID],
    ["beyond the last", () => ({ case: "emote", value: { emote: EMOTE_MAX + 1 } }), INVALID],
    ["between two", () => ({ case: "emote", value: { emote: 1.5 } }), INVALID],
  ],
  respawn: [["alive", () => ({ case: "respawn", value: {} }), ALIVE]],
};

const NOTHING = { case: undefined } as const;

function put({ world }: Scene, block: number, level = 0): void {
  putAt(world, [21, 20, LAYER_ACTIVE], [block, level]);
}

function doorAt(x: number, level = 0) {
  return ({ world }: Scene) => putAt(world, [x, 20, LAYER_ACTIVE], [Block.Door, level]);
}

function fullChest(scene: Scene): void {
  chestWith(scene, 27);
  give(scene, Block.Stone, 1);
}

function fullBagAtChest(scene: Scene): void {
  chestWith(scene, 1);
  fillBag(scene);
}

function fullBagPickup(scene: Scene): Action {
  fillBag(scene);
  return pickup(layBeside(scene));
}

function sandAnd(item: number) {
  return (scene: Scene) => {
    putAt(scene.world, [21, 20], [Block.Sand]);
    give(scene, item);
  };
}

function wetDirt(scene: Scene): void {
  putAt(scene.world, [21, 20], [Block.Dirt, DIRT_MOISTURE_MAX]);
  give(scene, Item.WaterBucket);
}

function bucketsAndFull(scene: Scene): void {
  putAt(scene.world, [21, 20], [Block.Water, 7]);
  fillBag(scene);
  // Two in one slot, so that the slot is not free once one of them is full of water.
  give(scene, Item.Bucket, 2);
}

function wallAnd(scene: Scene): void {
  put(scene, Block.Planks);
  give(scene, Block.Stone, 5);
}

function fullWorldAnd(item: number) {
  return (scene: Scene) => {
    put(scene, Block.Planks);
    give(scene, item);
    scene.world.entities.population = scene.world.entities.capacity;
  };
}

function killOther({ world, other }: Scene): Action {
  world.entities.columns.health[rowOf(world.entities, other)] = 0;
  return attack(other);
}

function strikeFirst({ world, me, other }: Scene): Action {
  act(world, me, attack(other));
  return attack(other);
}

function createScene(): Scene {
  const { world, entities } = createFlatWith([{}, { x: 2150 }]);
  const [me = 0, other = 0] = entities;
  return { world, me, other, bag: bagOf(world, rowOf(world.entities, me)) };
}

for (const [name, refusals] of Object.entries(REFUSALS)) {
  describe(name, () => {
    test.each(refusals)("%s is refused", (_, prepare, reason) => {
      const scene = createScene();
      const action = prepare(scene);
      const before = [slotsOf(scene.world, scene.me), scene.world.entities.population];
      expect(act(scene.world, scene.me, action)).toBe(reason);
      expect([slotsOf(scene.world, scene.me), scene.world.entities.population]).toEqual(before);
      expect(scene.world.effects.hits).toEqual([]);
      expect(scene.world.effects.emotes).toEqual([]);
    });
  });
}

test("the dead are refused all of them but to live again", () => {
  const scene = createScene();
  const { world, me, bag } = scene;
  putIntoBag(world, bag, { item: Item.HealingPotion, count: 1 });
  world.entities.columns.health[rowOf(world.entities, me)] = 0;
  const actions: Readonly<Record<BlocksActionCase, Action>> = {
    interact: interact(21),
    attack: attack(scene.other),
    useItem: use(0),
    pickup: pickup(layBeside(scene)),
    drop: drop(0),
    buildPlace: build(0, 22),
    buildBreak: dig(21, 0),
    emote: { case: "emote", value: { emote: 1 } },
    respawn: { case: "respawn", value: {} },
  };
  for (const [name, action] of Object.entries(actions)) {
    expect(act(world, me, action), name).toBe(name === "respawn" ? null : DEAD);
  }
  expect(Object.keys(actions).sort()).toEqual(Object.keys(blocksActions).sort());
});

import { describe, expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { bagOf } from "../actions/reach.ts";
import { Block } from "../blocks/block-ids.ts";
import { countInBag } from "../entities/bags.ts";
import { BlocksKind, isAnimal, isCreature } from "../entities/kinds.ts";
import { Item } from "../items/items.ts";
import type { BlocksPlayer } from "../messages.ts";
import { at, putAt } from "../testing/flat-world.ts";
import { act, createFlatWith, lyingItems, slotsOf, stepUntil } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";
import { levelIn } from "../write-block.ts";
import { BEHAVIOURS } from "./behaviours.ts";
import { hungerOf, setHunger } from "./hunger.ts";
import { Mood } from "./mood.ts";
import { spawnCreature } from "./spawn-creature.ts";
import { CREATURES, traitsOf } from "./traits.ts";
import { WARES } from "./wares.ts";

/** A flat world with a player in block (20, 20) and a creature in another. */
function createWith(
  kind: number,
  place: { readonly x: number; readonly y: number },
  player: Partial<BlocksPlayer> = {},
) {
  const { world, entities } = createFlatWith([player]);
  const row = spawnCreature(world, kind, place);
  return { world, me: entities[0] ?? 0, row, creature: world.entities.ids[row] ?? 0 };
}

const strike = (entity: number) => ({ case: "attack" as const, value: { entity } });

function distanceTo({ entities }: BlocksWorld, row: number, x: number, y: number): number {
  const right = (entities.columns.x[row] ?? 0) - x;
  const down = (entities.columns.y[row] ?? 0) - y;
  return Math.sqrt(right * right + down * down);
}

describe("fault 9: every kind is its own", () => {
  const NUMBERS: readonly [string, number, number, number][] = [
    ["villager", BlocksKind.Villager, 200, 50],
    ["trader", BlocksKind.Trader, 150, 50],
    ["guard", BlocksKind.Guard, 400, 50],
    ["cow", BlocksKind.Cow, 150, 40],
    ["sheep", BlocksKind.Sheep, 180, 25],
    ["chicken", BlocksKind.Chicken, 220, 10],
    ["pig", BlocksKind.Pig, 170, 30],
    ["horse", BlocksKind.Horse, 400, 60],
  ];
  test.each(NUMBERS)("a %s has its speed and health", (name, kind, speed, health) => {
    const traits = traitsOf(kind);
    expect([traits.name, traits.speed, traits.health]).toEqual([name, speed, health]);
    const { world, row } = createWith(kind, { x: 22, y: 20 });
    expect(world.entities.columns.health[row]).toBe(health);
  });

  test("all have behaviours of their own, and all animals leave something else", () => {
    expect(new Set(BEHAVIOURS.values()).size).toBe(CREATURES.size);
    const kinds = [...CREATURES.keys()].filter(isAnimal);
    const drops = kinds.map((kind) => JSON.stringify(traitsOf(kind).drops));
    expect(new Set(drops).size).toBe(5);
    for (const kind of CREATURES.keys()) expect(BEHAVIOURS.has(kind)).toBe(true);
  });

  test.each([BlocksKind.Cow, BlocksKind.Chicken, BlocksKind.Horse])(
    "kind %d walks as fast as it should",
    (kind) => {
      const { world, row } = createWith(kind, { x: 30, y: 20 });
      const { columns } = world.entities;
      let most = 0;
      for (let tick = 0; tick < 400; tick++) {
        const [x = 0, y = 0] = [columns.x[row], columns.y[row]];
        stepUntil(world, world.tick + 1);
        most = Math.max(most, distanceTo(world, row, x, y));
      }
      const perTick = traitsOf(kind).speed / 20;
      expect(most).toBeGreaterThan(perTick - 2);
      expect(most).toBeLessThan(perTick + 2);
    },
  );
});

test("who is hurt runs for five seconds, and is then at rest again", () => {
  for (const kind of [BlocksKind.Villager, BlocksKind.Sheep]) {
    const { world, me, row, creature } = createWith(kind, { x: 21, y: 20 });
    expect(act(world, me, strike(creature))).toBeNull();
    expect(world.entities.columns.mood[row]).toBe(Mood.Flee);
    stepUntil(world, world.tick + 99);
    expect(world.entities.columns.mood[row]).toBe(Mood.Flee);
    expect(distanceTo(world, row, 2050, 2050)).toBeGreaterThan(500);
    stepUntil(world, world.tick + 2);
    expect(world.entities.columns.mood[row]).not.toBe(Mood.Flee);
  }
});

test("a guard strikes back for ten seconds, and no longer", () => {
  const { world, me, row, creature } = createWith(BlocksKind.Guard, { x: 21, y: 20 });
  expect(act(world, me, strike(creature))).toBeNull();
  const since = world.tick;
  stepUntil(world, since + 40);
  const health = world.entities.columns.health[0] ?? 0;
  expect(health).toBeLessThanOrEqual(70);
  world.entities.columns.health[0] = 100;
  world.entities.columns.x[0] = 4000;
  stepUntil(world, since + 190);
  expect(world.entities.columns.mood[row]).toBe(Mood.Fight);
  stepUntil(world, since + 201);
  expect(world.entities.columns.mood[row]).not.toBe(Mood.Fight);
});

test("a guard goes for monsters within twelve blocks, a monster for players within eight", () => {
  const far = createWith(BlocksKind.Monster, { x: 29, y: 20 });
  stepUntil(far.world, far.world.tick + 4);
  expect(far.world.entities.columns.mood[far.row]).not.toBe(Mood.Fight);
  const near = createWith(BlocksKind.Monster, { x: 27, y: 20 });
  stepUntil(near.world, near.world.tick + 4);
  expect(near.world.entities.columns.mood[near.row]).toBe(Mood.Fight);
  const guard = spawnCreature(near.world, BlocksKind.Guard, { x: 35, y: 20 });
  stepUntil(near.world, near.world.tick + 4);
  expect(near.world.entities.columns.mood[guard]).toBe(Mood.Fight);
  stepUntil(near.world, near.world.tick + 200);
  expect(near.world.entities.ids[near.row]).not.toBe(near.creature);
  expect(lyingItems(near.world).map(([item]) => item)).toContain(Item.Coin);
});

test("one that dies leaves what it leaves", () => {
  const { world, me, creature } = createWith(BlocksKind.Chicken, { x: 21, y: 20 });
  expect(act(world, me, strike(creature))).toBeNull();
  expect(world.effects.deaths).toEqual([{ entity: creature, killer: me, x: 2150, y: 2050 }]);
  expect(world.effects.vanished.map(({ entity }) => entity)).toEqual([creature]);
  expect(lyingItems(world)).toEqual([[Item.Feather, 2, 21, 20]]);
});

describe("animals", () => {
  test("get hungry: a twentieth a second, up to all of it", () => {
    const { world, row } = createWith(BlocksKind.Cow, { x: 21, y: 20 });
    setHunger(world, row, 0);
    const since = world.tick;
    for (const [seconds, hunger] of [
      [0, 0],
      [4, 200],
      [8, 400],
      [20, 1000],
      [50, 1000],
    ] as const) {
      world.tick = since + seconds * 20;
      expect(hungerOf(world, row)).toBe(hunger);
    }
  });

  test("seek ripe grass when they are hungry, and it is shorter for it", () => {
    const { world, row } = createWith(BlocksKind.Cow, { x: 21, y: 20 });
    for (let x = 0; x < 48; x++) {
      for (let y = 0; y < 48; y++) putAt(world, [x, y], [Block.Sand]);
    }
    putAt(world, [26, 22], [Block.Grass, 5]);
    world.awake.clear();
    world.tick = 1000;
    setHunger(world, row, 900);
    const hungry = hungerOf(world, row);
    let least = 5;
    for (let tick = 0; tick < 300; tick++) {
      stepUntil(world, world.tick + 1);
      least = Math.min(least, levelIn(world, at(world, 26, 22)));
    }
    expect(least).toBeLessThan(5);
    expect(hungerOf(world, row)).toBeLessThan(hungry);
  });

  test("do not seek grass that is too short or too far, nor when they are full", () => {
    const { world, row } = createWith(BlocksKind.Cow, { x: 21, y: 20 });
    for (let x = 0; x < 48; x++) {
      for (let y = 0; y < 48; y++) putAt(world, [x, y], [Block.Sand]);
    }
    putAt(world, [22, 20], [Block.Grass, 2]);
    putAt(world, [32, 20], [Block.Grass, 5]);
    world.awake.clear();
    world.tick = 1000;
    setHunger(world, row, 900);
    stepUntil(world, world.tick + 1);
    expect(world.entities.columns.mood[row]).not.toBe(Mood.Seek);
    putAt(world, [23, 20], [Block.Grass, 5]);
    setHunger(world, row, 100);
    world.entities.columns.moodEndTick[row] = 0;
    stepUntil(world, world.tick + 1);
    expect(world.entities.columns.mood[row]).not.toBe(Mood.Seek);
  });
});

test("animals with grass and company have young, until it is crowded; a lone one has none", () => {
  const alone = createWith(BlocksKind.Sheep, { x: 21, y: 20 });
  const pair = createWith(BlocksKind.Sheep, { x: 21, y: 20 });
  spawnCreature(pair.world, BlocksKind.Sheep, { x: 22, y: 20 });
  for (const { world } of [alone, pair]) {
    world.tick = 1000;
    stepUntil(world, 12_000);
  }
  expect(alone.world.entities.population).toBe(2);
  expect(pair.world.entities.population).toBeGreaterThan(3);
  expect(pair.world.entities.population).toBeLessThan(30);
});

test("who wanders rests one to five seconds, walks one to three, and stays about its home", () => {
  const { world, row } = createWith(BlocksKind.Villager, { x: 30, y: 30 });
  const { columns } = world.entities;
  let since = world.tick;
  let mood = -1;
  const lasted: [number, number][] = [];
  for (let tick = 0; tick < 6000; tick++) {
    stepUntil(world, world.tick + 1);
    expect(distanceTo(world, row, 3050, 3050)).toBeLessThan(1000 + 3 * 200 + 100);
    if (columns.mood[row] === mood) continue;
    if (mood !== -1) lasted.push([mood, (world.tick - since) / 20]);
    mood = columns.mood[row] ?? 0;
    since = world.tick;
  }
  const rests = lasted.filter(([of]) => of === Mood.Idle).map(([, seconds]) => seconds);
  expect(Math.min(...rests)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...rests)).toBeLessThanOrEqual(5.05);
  const walks = lasted.filter(([of]) => of === Mood.Walk).map(([, seconds]) => seconds);
  expect(Math.max(...walks)).toBeLessThanOrEqual(3.05);
  expect(rests.length).toBeGreaterThan(30);
});

test("creatures go into no water and over no hole", () => {
  const { world, row } = createWith(BlocksKind.Horse, { x: 22, y: 22 });
  for (let edge = 0; edge < 48; edge++) {
    for (const line of [18, 27]) {
      putAt(world, [edge, line], [Block.DeepWater]);
      putAt(world, [line, edge], [Block.DeepWater]);
    }
  }
  world.awake.clear();
  for (let tick = 0; tick < 1200; tick++) {
    stepUntil(world, world.tick + 1);
    const [x = 0, y = 0] = [world.entities.columns.x[row], world.entities.columns.y[row]];
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(1900);
    expect(Math.max(x, y)).toBeLessThan(2700);
  }
});

describe("a trader", () => {
  const buy = (entity: number, choice: number) => ({
    case: "interact" as const,
    value: { target: { case: "entity" as const, value: entity }, choice },
  });

  test("sells what it has for coins: both change hands", () => {
    const slots = [Item.Coin, 10];
    const { world, me, row, creature } = createWith(BlocksKind.Trader, { x: 21, y: 20 }, { slots });
    const bag = bagOf(world, row);
    const stock = countInBag(world, bag, Item.HealingPotion);
    expect(act(world, me, buy(creature, 1))).toBeNull();
    expect(slotsOf(world, me)).toEqual([Item.Coin, 7, Item.HealingPotion, 1]);
    expect(countInBag(world, bag, Item.HealingPotion)).toBe(stock - 1);
    expect(countInBag(world, bag, Item.Coin)).toBe(3);
    expect([...world.effects.lasting].sort()).toEqual([me, creature].sort());
  });

  test("sells nothing that is too dear, sold out, or not its own", () => {
    const slots = [Item.Coin, 9];
    const { world, me, creature } = createWith(BlocksKind.Trader, { x: 21, y: 20 }, { slots });
    const pickaxe = WARES.findIndex(({ item }) => item === Item.Pickaxe) + 1;
    expect(act(world, me, buy(creature, pickaxe))).toBeNull();
    expect(act(world, me, buy(creature, 1))).toBe(RejectionReason.UNAFFORDABLE);
    expect(act(world, me, buy(creature, pickaxe))).toBe(RejectionReason.UNAVAILABLE);
    expect(act(world, me, buy(creature, 99))).toBe(RejectionReason.INVALID);
    expect(act(world, me, buy(creature, 0))).toBeNull();
    expect(world.effects.lines).toMatchObject([{ entity: creature, listener: me }]);
  });

  test("waits while somebody is near", () => {
    const { world, row } = createWith(BlocksKind.Trader, { x: 23, y: 20 });
    stepUntil(world, world.tick + 10);
    const x = world.entities.columns.x[row] ?? 0;
    stepUntil(world, world.tick + 200);
    expect(world.entities.columns.x[row]).toBe(x);
  });

  test("is the only one who sells, and animals do not talk", () => {
    const villager = createWith(BlocksKind.Villager, { x: 21, y: 20 }, { slots: [Item.Coin, 9] });
    const { world, me, creature } = villager;
    expect(act(world, me, buy(creature, 1))).toBe(RejectionReason.INVALID);
    expect(act(world, me, buy(creature, 0))).toBeNull();
    const cow = spawnCreature(world, BlocksKind.Cow, { x: 20, y: 21 });
    expect(act(world, me, buy(world.entities.ids[cow] ?? 0, 0))).toBe(RejectionReason.INVALID);
  });
});

test("kinds that live are creatures, and only those have a behaviour", () => {
  for (const kind of Object.values(BlocksKind)) {
    expect(BEHAVIOURS.has(kind)).toBe(isCreature(kind));
  }
});

import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { placeBlock } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHEST_SLOTS, LAYER_ACTIVE, SLOTS } from "../constants.ts";
import { spawnCreature } from "../creatures/spawn-creature.ts";
import { stepBlocks } from "../step.ts";
import { at } from "../testing/flat-world.ts";
import { act, controlsInput, createFlatWith, joinInput } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";
import { setBlock } from "../write-block.ts";
import { writeChestSlot } from "./chests.ts";
import { BlocksKind } from "./kinds.ts";
import { chestOf, NO_CHEST } from "./open-chests.ts";

const HERE = { x: 21, y: 20, layer: LAYER_ACTIVE };
const THERE = { x: 20, y: 22, layer: LAYER_ACTIVE };

/** Somebody at (20, 20) between two chests. */
function createChests(slots: number[] = []) {
  const { world, entities } = createFlatWith([{ slots }]);
  for (const { x, y } of [HERE, THERE]) {
    placeBlock(world, at(world, x, y, LAYER_ACTIVE), Block.Chest);
  }
  return { world, me: entities[0] ?? 0, cell: at(world, HERE.x, HERE.y, LAYER_ACTIVE) };
}

function use(value: typeof HERE, choice = 0) {
  return {
    case: "interact" as const,
    value: { target: { case: "place" as const, value }, choice },
  };
}

function openBy(world: BlocksWorld, entity: number): number {
  const row = rowOf(world.entities, entity);
  return chestOf(world, (world.entities.columns.bag[row] ?? 0) - 1);
}

test("a chest is open to who used it until it uses another", () => {
  const { world, me, cell } = createChests();
  expect(openBy(world, me)).toBe(NO_CHEST);
  expect(act(world, me, use(HERE))).toBeNull();
  expect(openBy(world, me)).toBe(cell);
  expect(act(world, me, use(HERE))).toBeNull();
  expect(world.effects.opened).toEqual([]);
  expect(act(world, me, use(THERE))).toBeNull();
  expect(openBy(world, me)).toBe(at(world, THERE.x, THERE.y, LAYER_ACTIVE));
});

test("what could not be done opens nothing", () => {
  const { world, me } = createChests();
  expect(act(world, me, use(HERE, 1))).toBe(RejectionReason.UNAVAILABLE);
  expect(openBy(world, me)).toBe(NO_CHEST);
});

test("it closes when one walks out of reach", () => {
  const { world, me } = createChests();
  act(world, me, use(HERE));
  stepBlocks(world, [controlsInput(me, 50, { dx: 0, dy: -1 })]);
  let ticks = 0;
  while (openBy(world, me) !== NO_CHEST && ticks < 100) {
    const { y } = world.entities.columns;
    expect(2050 - (y[rowOf(world.entities, me)] ?? 0)).toBeLessThanOrEqual(300);
    stepBlocks(world, []);
    ticks += 1;
  }
  expect(world.effects.opened).toEqual([{ entity: me, cell: NO_CHEST }]);
  expect(ticks).toBeGreaterThan(5);
});

const CLOSES: readonly [string, (world: BlocksWorld, me: number, cell: number) => void][] = [
  [
    "one dies",
    (world, me) => {
      world.entities.columns.health[rowOf(world.entities, me)] = 0;
    },
  ],
  ["it is gone", (world, _, cell) => setBlock(world, cell, Block.Air, 0)],
  [
    "one talks to somebody",
    (world, me) => {
      const row = spawnCreature(world, BlocksKind.Villager, { x: 19, y: 20 });
      const target = { case: "entity" as const, value: world.entities.ids[row] ?? 0 };
      expect(act(world, me, { case: "interact", value: { target, choice: 0 } })).toBeNull();
    },
  ],
  ["somebody comes in as the same player", (world) => stepBlocks(world, [joinInput("player-0")])],
];
test.each(CLOSES)("it closes when %s", (_, happen) => {
  const { world, me, cell } = createChests();
  act(world, me, use(HERE));
  happen(world, me, cell);
  stepBlocks(world, []);
  expect(openBy(world, me)).toBe(NO_CHEST);
});

test("every refusal of a chest", () => {
  const full = Array.from({ length: SLOTS }, () => [Block.Sand, 64]).flat();
  const { world, me, cell } = createChests(full);
  writeChestSlot(world, cell, { slot: 0, stack: { item: Block.Brick, count: 1 } });
  expect(act(world, me, use(HERE, 1))).toBe(RejectionReason.OCCUPIED);
  expect(act(world, me, use(HERE, 2))).toBe(RejectionReason.UNAVAILABLE);
  for (const choice of [CHEST_SLOTS + 1, 100, 137, 1_000_000]) {
    expect(act(world, me, use(HERE, choice))).toBe(RejectionReason.INVALID);
  }
  for (let slot = 1; slot < CHEST_SLOTS; slot++) {
    expect(act(world, me, use(HERE, 100 + slot))).toBeNull();
  }
  expect(act(world, me, use(HERE, 100 + CHEST_SLOTS))).toBe(RejectionReason.OCCUPIED);
  expect(act(world, me, use(HERE, 101))).toBe(RejectionReason.UNAFFORDABLE);
});

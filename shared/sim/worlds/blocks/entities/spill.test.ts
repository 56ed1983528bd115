import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { placeBlock } from "../blocks/block-behaviours.ts";
import { Block } from "../blocks/block-ids.ts";
import { CHEST_SLOTS, LAYER_ACTIVE } from "../constants.ts";
import { hashBlocks } from "../hash.ts";
import { Item, itemNames } from "../items/items.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { stepBlocks } from "../step.ts";
import { at, createFlat } from "../testing/flat-world.ts";
import { act, joinInput, lyingItems } from "../testing/inputs.ts";
import { countEverywhere } from "../testing/item-count.ts";
import { type BlocksWorld, createBlocks } from "../world.ts";
import { writeChestSlot } from "./chests.ts";
import { despawnEntity, hasItemRoom, layItem, playersMax } from "./entities.ts";
import { LAID_MAX, spill } from "./spill.ts";

const PLACE = { x: 20, y: 20 };

/** Lays feathers until no more may lie there. */
function fill(world: BlocksWorld): void {
  while (hasItemRoom(world)) layItem(world, { x: 5, y: 5 }, { item: Item.Feather, count: 1 });
}

/** Takes away what lies there. */
function clear(world: BlocksWorld, count: number): void {
  const { ids, columns } = world.entities;
  let left = count;
  for (let row = 0; row < world.entities.rowCount && left > 0; row++) {
    if (ids[row] === 0 || columns.item[row] !== Item.Feather) continue;
    despawnEntity(world, row);
    left -= 1;
  }
}

test("what was in a chest that another region broke waits while the world is full", () => {
  const world = createFlat();
  const cell = at(world, PLACE.x, PLACE.y, LAYER_ACTIVE);
  placeBlock(world, cell, Block.Chest);
  for (let slot = 0; slot < CHEST_SLOTS; slot++) {
    writeChestSlot(world, cell, { slot, stack: { item: Block.Brick, count: 60 } });
  }
  fill(world);
  const gone = { ...PLACE, layer: LAYER_ACTIVE, block: 0, stamp: 1n << 20n, gone: false };
  const cells = [{ ...gone, metadata: new Uint8Array() }];
  stepBlocks(world, [{ input: { case: "remote", value: { region: "us-east-1", cells } } }]);
  expect(world.waiting.population).toBe(CHEST_SLOTS);
  expect(countEverywhere(world, Block.Brick)).toBe(CHEST_SLOTS * 60);
  clear(world, 10);
  stepBlocks(world, []);
  expect(world.waiting.population).toBe(CHEST_SLOTS - 10);
  const bricks = lyingItems(world).filter(([item]) => item === Block.Brick);
  expect(bricks).toEqual(Array.from({ length: 10 }, () => [Block.Brick, 60, 20, 20]));
  clear(world, 100);
  stepBlocks(world, []);
  expect(world.waiting.population).toBe(0);
  expect(countEverywhere(world, Block.Brick)).toBe(CHEST_SLOTS * 60);
});

test("what lies about leaves a row for each player who may come", () => {
  const world = createFlat();
  const players = playersMax(world.bags.capacity);
  stepBlocks(world, [joinInput("first", { slots: [Block.Stone, 5] })]);
  fill(world);
  const [entity = 0] = world.effects.joined.map((joined) => joined.entity);
  const drop = { case: "drop" as const, value: { slot: 0, count: 1, x: 20, y: 20 } };
  expect(act(world, entity, drop)).toBe(RejectionReason.UNAVAILABLE);
  const place = { x: 20, y: 21, layer: 0 };
  const dig = { case: "buildBreak" as const, value: { place } };
  expect(act(world, entity, dig)).toBe(RejectionReason.UNAVAILABLE);
  const others = Array.from({ length: players - 1 }, (_, index) => joinInput(`other-${index}`, {}));
  stepBlocks(world, others);
  expect(world.effects.refused).toEqual([]);
  expect(world.effects.joined).toHaveLength(players - 1);
  expect(world.entities.population).toBe(world.entities.capacity);
});

test("beyond the bound equal items wait together, and are laid as stacks", () => {
  const room = { entities: 16, bags: 8, waiting: itemNames.size + 2 };
  const world = createBlocks({ ...BLOCKS_PARAMETERS, columns: 3, rows: 3 }, room);
  world.populated.fill(1);
  fill(world);
  const kinds = [...itemNames.keys()];
  for (let turn = 0; turn < 4; turn++) {
    for (const item of kinds) spill(world, PLACE, { item, count: 40 });
  }
  expect(world.waiting.population).toBeLessThanOrEqual(room.waiting);
  const before = hashBlocks(world);
  for (const item of kinds.filter((one) => one !== Item.Feather && one !== Block.Air)) {
    expect(countEverywhere(world, item)).toBe(160);
  }
  let laid = 0;
  for (let tick = 0; tick < 10_000 && world.waiting.population > 0; tick++) {
    stepBlocks(world, []);
    const { ids } = world.entities;
    for (const entity of world.effects.appeared) {
      const row = rowOf(world.entities, entity);
      laid += world.entities.columns.count[row] ?? 0;
      expect(ids[row]).toBe(entity);
      despawnEntity(world, row);
    }
    clear(world, 100);
  }
  expect(laid).toBe(kinds.length * 160);
  expect(hashBlocks(world)).not.toBe(before);
});

test("in one tick no more is laid than the bound", () => {
  const world = createBlocks(
    { ...BLOCKS_PARAMETERS, columns: 3, rows: 3 },
    { entities: 400, bags: 8 },
  );
  world.populated.fill(1);
  fill(world);
  for (let count = 0; count < 200; count++) spill(world, PLACE, { item: Block.Sand, count: 1 });
  clear(world, 400);
  stepBlocks(world, []);
  expect(world.waiting.population).toBe(200 - LAID_MAX);
});

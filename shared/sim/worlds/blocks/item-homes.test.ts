import { expect, test } from "bun:test";
import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { itemOfBlock } from "./blocks/block-behaviours.ts";
import { Block } from "./blocks/block-ids.ts";
import { ItemHome } from "./chunks/item-homes.ts";
import { CHUNK_CELLS, LAYER_ACTIVE, LAYER_CEILING } from "./constants.ts";
import type { BlocksAction } from "./messages.ts";
import { stampBits } from "./mirror.ts";
import { BLOCKS_PARAMETERS } from "./parameters.ts";
import { stepBlocks } from "./step.ts";
import { blockAt, createFlat, putAt } from "./testing/flat-world.ts";
import { actionInput, joinInput, lyingItems } from "./testing/inputs.ts";
import { countEverywhere } from "./testing/item-count.ts";
import { playRegions, remoteInput, stampInput } from "./testing/mirrored-regions.ts";
import { type BlocksWorld, createBlocks } from "./world.ts";
import { blockIn, homeIn } from "./write-block.ts";

const PLACE = { x: 20, y: 20, layer: LAYER_ACTIVE };
const PLACED = 1 << 24;

/** A flat world in which somebody stands at (22, 20) with these slots. */
function createHere(slots: number[]): { world: BlocksWorld; entity: number } {
  const world = createFlat();
  stepBlocks(world, [joinInput("builder", { x: 2250, y: 2050, slots })]);
  return { world, entity: world.effects.joined[0]?.entity ?? 0 };
}

/** A tick of a world in the region `here`, at so many ms. */
function tick(
  world: BlocksWorld,
  ms: number,
  what: {
    readonly act?: { readonly entity: number; readonly action: BlocksAction["action"] };
    /** A value that `there` wrote at (20, 20), and when. */
    readonly told?: { readonly value: number; readonly ms: number; readonly layer?: number };
  },
): void {
  const { act, told } = what;
  const inputs = [stampInput("here", ms)];
  if (told !== undefined) {
    const { value, layer = LAYER_ACTIVE } = told;
    const cell = { layer, block: value, stamp: stampBits(makeStamp(told.ms)) };
    inputs.push(remoteInput("there", [cell]));
  }
  if (act !== undefined) inputs.push(actionInput(act.entity, world.tick + 1, act.action));
  stepBlocks(world, inputs);
}

const build: BlocksAction["action"] = { case: "buildPlace", value: { place: PLACE, slot: 0 } };
const dig: BlocksAction["action"] = { case: "buildBreak", value: { place: PLACE } };

test("what was placed here and is broken elsewhere lies here, and once", () => {
  const { world, entity } = createHere([Block.Brick, 1]);
  tick(world, 10, { act: { entity, action: build } });
  tick(world, 20, { told: { value: 0, ms: 15 } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(lyingItems(world)).toEqual([[Block.Brick, 1, 20, 20]]);
});

test("of a block that is broken here and elsewhere at the same time there is one item", () => {
  const { world, entity } = createHere([Block.Brick, 1]);
  tick(world, 10, { act: { entity, action: build } });
  tick(world, 20, { act: { entity, action: dig } });
  tick(world, 30, { told: { value: 0, ms: 20 } });
  expect(lyingItems(world)).toEqual([[Block.Brick, 1, 20, 20]]);
});

test("what was placed elsewhere leaves nothing here", () => {
  const { world, entity } = createHere([]);
  tick(world, 10, { told: { value: PLACED | (Block.Brick << 8), ms: 5 } });
  tick(world, 20, { act: { entity, action: dig } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(lyingItems(world)).toEqual([]);
});

test("where two regions build at one place, the block that gives way is given back", () => {
  const { world, entity } = createHere([Block.Brick, 1]);
  tick(world, 10, { act: { entity, action: build } });
  tick(world, 20, { told: { value: PLACED | (Block.Planks << 8), ms: 11 } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Planks, 0]);
  expect(lyingItems(world)).toEqual([[Block.Brick, 1, 20, 20]]);
});

test("a door that is opened elsewhere remains this region's", () => {
  const { world, entity } = createHere([Block.Door, 1]);
  tick(world, 10, { act: { entity, action: build } });
  tick(world, 20, { told: { value: PLACED | (Block.Door << 8) | 1, ms: 15 } });
  expect(lyingItems(world)).toEqual([]);
  tick(world, 30, { act: { entity, action: dig } });
  expect(lyingItems(world)).toEqual([[Block.Door, 1, 20, 20]]);
});

test("the land's stone that a late blow elsewhere puts back gives nothing again", () => {
  const { world, entity } = createHere([]);
  putAt(world, [20, 20, LAYER_ACTIVE], [Block.Stone, 1]);
  tick(world, 10, { act: { entity, action: dig } });
  expect(lyingItems(world)).toEqual([[Block.Stone, 1, 20, 20]]);
  tick(world, 20, { told: { value: (Block.Stone << 8) | 1, ms: 15 } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Stone, 1]);
  tick(world, 30, { act: { entity, action: dig } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(lyingItems(world)).toEqual([[Block.Stone, 1, 20, 20]]);
});

test("one tree that was planted is one tree when it is taken down from the top", () => {
  const { world, entity } = createHere([Block.Tree, 1]);
  tick(world, 10, { act: { entity, action: build } });
  const top = { ...PLACE, layer: LAYER_CEILING };
  tick(world, 20, { act: { entity, action: { case: "buildBreak", value: { place: top } } } });
  tick(world, 30, { act: { entity, action: dig } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(countEverywhere(world, Block.Tree)).toBe(1);
});

test("grass over dirt that was placed is still that dirt", () => {
  const { world, entity } = createHere([Block.Dirt, 1, 2001, 1]);
  tick(world, 10, { act: { entity, action: build } });
  const sow: BlocksAction["action"] = { case: "useItem", value: { slot: 1, place: PLACE } };
  tick(world, 20, { act: { entity, action: sow } });
  expect(blockAt(world, 20, 20, LAYER_ACTIVE)[0]).toBe(Block.Grass);
  tick(world, 30, { told: { value: 0, ms: 25 } });
  expect(lyingItems(world)).toEqual([[Block.Dirt, 1, 20, 20]]);
});

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
test.each(SEEDS)("no region ever has more or less of what it built with, seed %d", (seed) => {
  const before = new Map<string, number>();
  const items = [Block.Planks, Block.Brick];
  let freed = 0;
  playRegions({
    seed,
    ticks: 500,
    quietFrom: 350,
    stepped({ name, world }, tick) {
      for (const item of items) {
        const count = countEverywhere(world, item) + countPlaced(world, item);
        const key = `${name} ${item}`;
        if (!before.has(key)) before.set(key, count);
        expect(count, `tick ${tick} of ${key}`).toBe(before.get(key) ?? 0);
      }
      freed += world.effects.remotes.length;
    },
  });
  expect(freed).toBeGreaterThan(500);
});

test("the land gives each of its blocks to a region once at most", () => {
  const land = [Block.Dirt, Block.Stone, Block.Sand, Block.Flower];
  const untouched = createBlocks({ ...BLOCKS_PARAMETERS, columns: 3, rows: 3, seed: 4 });
  let taken = 0;
  for (const seed of SEEDS) {
    for (const { name, world } of playRegions({ seed, ticks: 900, quietFrom: 800 })) {
      for (const item of land) {
        const had = countCells(untouched, (cell) => itemOfBlock(blockIn(untouched, cell)) === item);
        const left = countHomes(world, { item, home: ItemHome.Land });
        const got = countEverywhere(world, item) + countPlaced(world, item);
        expect(got, `${item} in ${name}, seed ${seed}`).toBeLessThanOrEqual(had - left);
        taken += got;
      }
    }
  }
  expect(taken).toBeGreaterThan(20);
});

/** Blocks that stand and were this item of the region. */
function countPlaced(world: BlocksWorld, item: number): number {
  return countHomes(world, { item, home: ItemHome.Here });
}

function countHomes(world: BlocksWorld, of: { item: number; home: ItemHome }): number {
  return countCells(world, (cell) => {
    return homeIn(world, cell) === of.home && itemOfBlock(blockIn(world, cell)) === of.item;
  });
}

function countCells(world: BlocksWorld, counts: (cell: number) => boolean): number {
  const cells = world.shape.columns * world.shape.rows * CHUNK_CELLS;
  let count = 0;
  for (let cell = 0; cell < cells; cell++) if (counts(cell)) count += 1;
  return count;
}

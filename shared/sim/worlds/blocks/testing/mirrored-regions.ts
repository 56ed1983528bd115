// Several regions of one land whose builders get in each other's way: what one writes reaches the
// others late, twice and in any order.

import { makeStamp } from "#shared/time/hybrid-clock.ts";
import { createRandom, type Random } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { LAYER_ACTIVE } from "../constants.ts";
import { Item } from "../items/items.ts";
import type { BlocksAction, BlocksCell, BlocksInput, BlocksRemote } from "../messages.ts";
import { stampBits } from "../mirror.ts";
import { BLOCKS_PARAMETERS } from "../parameters.ts";
import { toRemotes } from "../remote-cells.ts";
import { stepBlocks } from "../step.ts";
import { type BlocksWorld, createBlocks } from "../world.ts";
import { actionInput, joinInput } from "./inputs.ts";

const NAMES = ["us-east-1", "ap-south-1", "eu-west-1"];
const TICK_MS = 50;
/** How far the clocks of the regions are apart. */
const SKEW_MS = 40;

/** A region with two builders. */
export interface MirroredRegion {
  readonly name: string;
  readonly world: BlocksWorld;
  readonly builders: readonly number[];
}

/** The input with which a tick of a region begins. */
export function stampInput(region: string, ms: number, counter = 0): BlocksInput {
  const stamp = stampBits(makeStamp(ms, counter));
  return { input: { case: "stamp", value: { region, stamp } } };
}

/** What another region wrote; Air into (20, 20) where nothing else is said. */
export function remoteInput(region: string, cells: readonly Partial<BlocksCell>[]): BlocksInput {
  const usual = { x: 20, y: 20, layer: LAYER_ACTIVE, block: 0, stamp: 0n, gone: false };
  const whole = cells.map((cell) => ({ ...usual, metadata: new Uint8Array(), ...cell }));
  return { input: { case: "remote", value: { region, cells: whole } } };
}

/** A small land with nobody in it but two who have enough to build. */
export function createRegion(name: string): MirroredRegion {
  const world = createBlocks(
    { ...BLOCKS_PARAMETERS, columns: 3, rows: 3, seed: 4 },
    { entities: 4000, bags: 32 },
  );
  world.populated.fill(1);
  const stacks = [Block.Planks, 64, Block.Brick, 64, Block.Tree, 64];
  const slots = [...stacks, Item.WaterBucket, 1, Item.Bucket, 1, Item.Seeds, 64];
  const joins = [0, 1].map((index) =>
    joinInput(`${name}-${index}`, { x: 2050 + index * 300, y: 2050, slots }),
  );
  stepBlocks(world, joins);
  return { name, world, builders: world.effects.joined.map(({ entity }) => entity) };
}

/** Lets three regions build until `quietFrom`, and hear of each other until all was told. */
export function playRegions(play: {
  readonly seed: number;
  readonly ticks: number;
  readonly quietFrom: number;
  readonly stepped?: (region: MirroredRegion, tick: number) => void;
}): MirroredRegion[] {
  const random = createRandom(play.seed);
  const regions = NAMES.map(createRegion);
  // What is on its way to each region; now and then twice, in any order.
  const ways = regions.map((): BlocksRemote[] => []);
  for (let tick = 0; tick < play.ticks; tick++) {
    const isQuiet = tick >= play.quietFrom;
    for (const [index, region] of regions.entries()) {
      const nowMs = 1_000_000 + tick * TICK_MS + index * SKEW_MS;
      const inputs = [stampInput(region.name, nowMs), ...arriving(ways[index], random, isQuiet)];
      if (!isQuiet) {
        const entity = region.builders[random.below(2)] ?? 0;
        inputs.push(actionInput(entity, tick + 2, anyAction(random)));
      }
      stepBlocks(region.world, inputs);
      play.stepped?.(region, tick);
      const told = toRemotes(region.world.effects.stamped, region.world.mirror.regions);
      for (const [other, to] of ways.entries()) if (other !== index) to.push(...told);
    }
  }
  return regions;
}

function arriving(way: BlocksRemote[] = [], random: Random, isQuiet: boolean): BlocksInput[] {
  const inputs: BlocksInput[] = [];
  while (way.length > 0 && (isQuiet || random.below(8) === 0)) {
    const [value] = way.splice(random.below(way.length), 1);
    if (value === undefined) break;
    inputs.push({ input: { case: "remote", value } });
    if (random.below(5) === 0 && !isQuiet) way.push(value);
  }
  return inputs;
}

function anyAction(random: Random): BlocksAction["action"] {
  const place = { x: 17 + random.below(10), y: 17 + random.below(8), layer: random.below(3) };
  const choice = random.below(10);
  if (choice < 4) return { case: "buildBreak", value: { place } };
  if (choice < 8) return { case: "buildPlace", value: { place, slot: random.below(3) } };
  return { case: "useItem", value: { slot: 3 + random.below(3), place } };
}

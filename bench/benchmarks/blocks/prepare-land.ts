import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  BLOCKS_PARAMETERS,
  Block,
  type BlocksWorld,
  createBlocks,
  createRandom,
  isDryLand,
  layItem,
  type Random,
  spawnCreature,
} from "#shared/sim/index.ts";
import { systemClock } from "#shared/time/clock.ts";
import { Persistence } from "../../../shards/persistence/persistence.ts";
import { blocksFactory } from "../../../shards/world/blocks/blocks-shard-world.ts";
import { encodeBlocksSnapshot } from "../../../shards/world/blocks/blocks-snapshot.ts";

/** As the shard names it, in its data folder. */
const DATABASE = "shards/blocks-1-eu-west-1.db";
/** Cow, sheep, chicken, pig and horse. */
const ANIMALS = [8, 9, 10, 11, 12] as const;
const TRIES_MAX = 1_000;

export interface PreparedLand {
  readonly tickRate: number;
  /** Blocks from the middle within which players come in. */
  readonly spawnBlocks: number;
  /** In addition to those of the seed, who come to be when a player first is near. */
  readonly animals: number;
  /** That lie about. */
  readonly items: number;
}

/** Leaves a shard's database in a data folder: a new land that is full of animals and items. */
export async function prepareLand(folder: string, land: PreparedLand): Promise<void> {
  const { tickRate, spawnBlocks } = land;
  const parameters = { ...BLOCKS_PARAMETERS, tickRate, spawnBlocks };
  const world = createBlocks(parameters);
  fill(world, land);
  const path = join(folder, DATABASE);
  mkdirSync(dirname(path), { recursive: true });
  const options = { tickRate, seed: parameters.seed, capacity: 1 };
  const shown = blocksFactory.restore(encodeBlocksSnapshot(world), options);
  const committed = Promise.withResolvers<void>();
  const { persistence } = await Persistence.open({
    path,
    shardKey: "blocks:1:eu-west-1",
    world: "blocks",
    tickRate,
    clock: systemClock,
    loaded: () => {},
    committed: () => committed.resolve(),
    failed: (message) => committed.reject(new Error(`cannot prepare the land: ${message}`)),
  });
  await persistence.own(1);
  persistence.snapshot(shown);
  const inputs = shown.step();
  const record = { tick: shown.tick, inputs, sessions: [], departed: [], answers: [], outbox: [] };
  persistence.commit({ ...record, stateHash: shown.hash() });
  await committed.promise;
  await persistence.close();
}

function fill(world: BlocksWorld, { animals, items }: PreparedLand): void {
  const random = createRandom(7);
  for (let index = 0; index < animals; index++) {
    spawnCreature(world, ANIMALS[index % ANIMALS.length] ?? 8, dryPlace(world, random));
  }
  for (let index = 0; index < items; index++) {
    layItem(world, dryPlace(world, random), { item: Block.Stone, count: 1 });
  }
  // What it tells of is of no tick.
  world.effects.appeared.length = 0;
}

function dryPlace(world: BlocksWorld, random: Random): { x: number; y: number } {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const place = { x: random.below(world.shape.width), y: random.below(world.shape.height) };
    if (isDryLand(world, place.x, place.y)) return place;
  }
  throw new Error(`cannot fill the land: no dry block in ${TRIES_MAX} tries`);
}

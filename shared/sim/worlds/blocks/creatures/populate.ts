// Who lives where: the creatures of a chunk come to be when a player first comes near it, and are
// then entities like all others. Which ones is a function of the seed and the place.

import { randomUint32, scaleRandom } from "../../../kernel/random.ts";
import { CHUNK_AREA, CHUNK_SIDE } from "../constants.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { Biome, surveyChunk } from "../generation/biomes.ts";
import { hasHut } from "../generation/hut.ts";
import { isDryLand } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";
import { hasCreatureRoom, spawnCreature } from "./spawn-creature.ts";

const SALT_HERD = 0x900;
const SALT_KIND = 0x901;
const SALT_COUNT = 0x902;
const SALT_PLACE = 0x910;
const TRIES_MAX = 12;

interface Herd {
  /** Percent of the chunks that have one. */
  readonly percent: number;
  readonly kinds: readonly number[];
  readonly countMax: number;
}

const { Villager, Trader, Guard, Monster, Cow, Sheep, Chicken, Pig, Horse } = BlocksKind;

/** By the biome in the middle of the chunk; none in water. */
const HERDS: ReadonlyMap<number, Herd> = new Map<number, Herd>([
  [Biome.Plains, { percent: 35, kinds: [Cow, Sheep, Horse, Pig, Chicken], countMax: 4 }],
  [Biome.Forest, { percent: 25, kinds: [Pig, Chicken, Sheep, Cow], countMax: 3 }],
  [Biome.Desert, { percent: 8, kinds: [Horse, Chicken], countMax: 2 }],
  [Biome.Mountains, { percent: 20, kinds: [Monster], countMax: 2 }],
]);

/** Lets a chunk's creatures come to be, once. */
export function populateChunk(world: BlocksWorld, chunk: number): void {
  world.populated[chunk] = 1;
  if (!hasCreatureRoom(world)) return;
  const { seed } = world.parameters;
  const x = (chunk % world.shape.columns) * CHUNK_SIDE;
  const y = Math.floor(chunk / world.shape.columns) * CHUNK_SIDE;
  const survey = surveyChunk(seed, x, y);
  if (hasHut(seed, { x, y, survey })) {
    for (const kind of hutFolk(chanceIn(world, chunk, { salt: SALT_KIND, below: 3 }))) {
      spawnIn(world, { chunk, x, y }, kind);
    }
    return;
  }
  const herd = HERDS.get(survey.biomes[CHUNK_AREA / 2 + CHUNK_SIDE / 2] ?? Biome.Water);
  if (herd === undefined) return;
  if (chanceIn(world, chunk, { salt: SALT_HERD, below: 100 }) >= herd.percent) return;
  const { kinds, countMax } = herd;
  const kind = kinds[chanceIn(world, chunk, { salt: SALT_KIND, below: kinds.length })] ?? Cow;
  const count = 1 + chanceIn(world, chunk, { salt: SALT_COUNT, below: countMax });
  for (let index = 0; index < count; index++) spawnIn(world, { chunk, x, y }, kind);
}

function hutFolk(chance: number): readonly number[] {
  const folk = [
    [Villager, Trader],
    [Villager, Guard],
    [Villager, Villager],
  ] as const;
  return folk[chance] ?? [];
}

/** Somewhere on dry land in the chunk; where there is none, nobody comes. */
function spawnIn(
  world: BlocksWorld,
  { chunk, x, y }: { readonly chunk: number; readonly x: number; readonly y: number },
  kind: number,
): void {
  const { seed } = world.parameters;
  // Each of them looks elsewhere.
  const salt = SALT_PLACE + world.entities.population;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const index = scaleRandom(randomUint32(seed, chunk, attempt, salt), CHUNK_AREA);
    const block = { x: x + (index % CHUNK_SIDE), y: y + Math.floor(index / CHUNK_SIDE) };
    if (!isDryLand(world, block.x, block.y)) continue;
    spawnCreature(world, kind, block);
    return;
  }
}

function chanceIn(
  world: BlocksWorld,
  chunk: number,
  { salt, below }: { readonly salt: number; readonly below: number },
): number {
  return scaleRandom(randomUint32(world.parameters.seed, chunk, 0, salt), below);
}

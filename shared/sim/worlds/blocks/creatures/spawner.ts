// A spawner wakes a monster now and then while a living player is near. It does so a few at a time
// and in a land no more than there may be; nothing of it is a state but the monsters themselves.

import { randomUint32, scaleRandom } from "../../../kernel/random.ts";
import { Block } from "../blocks/block-ids.ts";
import { BLOCKS_UNIT } from "../constants.ts";
import { middleOf } from "../entities/entities.ts";
import { BlocksKind } from "../entities/kinds.ts";
import { isWithin, rowsAround } from "../entities/nearby.ts";
import { spawnerCell } from "../generation/den.ts";
import { placeOf } from "../layout.ts";
import { isDryLand } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn } from "../write-block.ts";
import { hasCreatureRoom, spawnCreature } from "./spawn-creature.ts";

/** A spawner is at work once in so many seconds. */
const SPAWN_SECONDS = 10;
/** How near a player must be, and which monsters count as its own, in hundredths. */
const PLAYER_REACH = 12 * BLOCKS_UNIT;
const MONSTER_REACH = 12 * BLOCKS_UNIT;
/** Monsters around one spawner, and in a land; beyond either it waits. */
export const SPAWNER_MONSTERS_MAX = 4;
export const MONSTERS_MAX = 4_096;

const SALT_PLACE = 0xa00;
const TRIES_MAX = 8;
/** Blocks around a spawner in which a monster appears. */
const AROUND = 2;

/** Whether it is the tick for a chunk's spawner, if it has one; neighbours have other ticks. */
export function isSpawnTick(world: BlocksWorld, chunk: number): boolean {
  return (world.tick + chunk) % (SPAWN_SECONDS * world.parameters.tickRate) === 0;
}

/** Lets the spawner of a chunk that lives wake a monster, where it has one and may. */
export function runSpawner(world: BlocksWorld, chunk: number): void {
  const cell = spawnerCell(chunk);
  if (blockIn(world, cell) !== Block.Spawner || !hasCreatureRoom(world)) return;
  const middle = middleOf(placeOf(world.shape, cell));
  if (!isWanted(world, middle) || countMonsters(world) >= MONSTERS_MAX) return;
  const { x, y } = placeOf(world.shape, cell);
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const bits = randomUint32(world.parameters.seed, world.tick, cell, SALT_PLACE + attempt);
    const side = 2 * AROUND + 1;
    const at = scaleRandom(bits, side * side);
    const block = { x: x + (at % side) - AROUND, y: y + Math.floor(at / side) - AROUND };
    if (!isDryLand(world, block.x, block.y)) continue;
    spawnCreature(world, BlocksKind.Monster, block);
    return;
  }
}

/** Whether a player is near, and not too many monsters. */
function isWanted(world: BlocksWorld, middle: { readonly x: number; readonly y: number }): boolean {
  const { ids, columns } = world.entities;
  const { rows, count } = rowsAround(world, middle, Math.max(PLAYER_REACH, MONSTER_REACH));
  let players = 0;
  let monsters = 0;
  for (let index = 0; index < count; index++) {
    const row = rows[index] ?? 0;
    if (ids[row] === 0 || columns.health[row] === 0) continue;
    const kind = columns.kind[row];
    if (kind === BlocksKind.Player && isWithin(world, row, { ...middle, reach: PLAYER_REACH })) {
      players += 1;
    }
    if (kind === BlocksKind.Monster && isWithin(world, row, { ...middle, reach: MONSTER_REACH })) {
      monsters += 1;
    }
  }
  return players > 0 && monsters < SPAWNER_MONSTERS_MAX;
}

function countMonsters({ entities }: BlocksWorld): number {
  const { kind } = entities.columns;
  let count = 0;
  for (let row = 0; row < entities.rowCount; row++) {
    if (kind[row] === BlocksKind.Monster) count += 1;
  }
  return count;
}

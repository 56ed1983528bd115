// Creatures live where players are near; elsewhere the land stands still, so that a tick costs what
// happens before somebody's eyes. Each of them goes on every tick, looks around five times a
// second, not all in the same tick, and decides anew when its mood is over.

import { rowOf } from "../../../kernel/entity-table.ts";
import { BLOCKS_UNIT, CHUNK_SIDE } from "../constants.ts";
import { BEHAVIOURS } from "../creatures/behaviours.ts";
import { Mood, setMood, ticksOf } from "../creatures/mood.ts";
import { populateChunk } from "../creatures/populate.ts";
import { isSpawnTick, runSpawner } from "../creatures/spawner.ts";
import { chanceOf, Salt, turn } from "../creatures/steer.ts";
import { traitsOf } from "../creatures/traits.ts";
import { BlocksKind, isCreature } from "../entities/kinds.ts";
import { moveBody } from "../movement.ts";
import { isDryLand } from "../spawn.ts";
import type { BlocksWorld } from "../world.ts";

const CHUNK_LENGTH = CHUNK_SIDE * BLOCKS_UNIT;
/** Chunks that are peopled in one tick, at 0.2 ms each; the others follow in the next ones. */
const PEOPLED_MAX = 50;
/** Chunks in every direction from a player's that live. */
const LIVELY_CHUNKS = 2;
/** Times a second that a creature looks around. */
const LOOKS_PER_SECOND = 5;
/** How far ahead a creature sees where it walks. */
const STEP_AHEAD = 60;
/** For how long one that could not get to its grass goes elsewhere. */
const DETOUR_MS = 1000;

/** One tick in the life of all creatures near players. */
export function runCreatures(world: BlocksWorld): void {
  markLively(world);
  const { ids, columns, rowCount } = world.entities;
  const { kind, x, y } = columns;
  const { livelyTicks } = world.nearby;
  const width = world.shape.columns;
  for (let row = 0; row < rowCount; row++) {
    if (ids[row] === 0 || !isCreature(kind[row] ?? 0)) continue;
    const chunkX = Math.floor((x[row] ?? 0) / CHUNK_LENGTH);
    const chunkY = Math.floor((y[row] ?? 0) / CHUNK_LENGTH);
    if (livelyTicks[chunkY * width + chunkX] === world.tick) live(world, row);
  }
}

/** Marks the chunks near players, where spawners work, and peoples those where nobody was. */
function markLively(world: BlocksWorld): void {
  const { columns } = world.entities;
  const { owner } = world.bags.columns;
  const { occupiedTicks } = world.nearby;
  let room = PEOPLED_MAX;
  for (let bag = 0; bag < world.bags.rowCount; bag++) {
    const row = rowOf(world.entities, owner[bag] ?? 0);
    if (row === -1 || columns.kind[row] !== BlocksKind.Player) continue;
    const chunkX = Math.floor((columns.x[row] ?? 0) / CHUNK_LENGTH);
    const chunkY = Math.floor((columns.y[row] ?? 0) / CHUNK_LENGTH);
    const chunk = chunkY * world.shape.columns + chunkX;
    // Once for each chunk, however many players are in it.
    if (occupiedTicks[chunk] === world.tick) continue;
    occupiedTicks[chunk] = world.tick;
    room -= markAround(world, { chunkX, chunkY, room });
  }
}

/** Returns how many chunks were peopled. */
function markAround(
  world: BlocksWorld,
  {
    chunkX,
    chunkY,
    room,
  }: { readonly chunkX: number; readonly chunkY: number; readonly room: number },
): number {
  const { columns, rows } = world.shape;
  const { livelyTicks } = world.nearby;
  const bottom = Math.min(rows - 1, chunkY + LIVELY_CHUNKS);
  const right = Math.min(columns - 1, chunkX + LIVELY_CHUNKS);
  let peopled = 0;
  for (let row = Math.max(0, chunkY - LIVELY_CHUNKS); row <= bottom; row++) {
    for (let column = Math.max(0, chunkX - LIVELY_CHUNKS); column <= right; column++) {
      const chunk = row * columns + column;
      const isFirst = livelyTicks[chunk] !== world.tick;
      livelyTicks[chunk] = world.tick;
      if (isFirst && isSpawnTick(world, chunk)) runSpawner(world, chunk);
      if (world.populated[chunk] !== 0 || peopled >= room) continue;
      peopled += 1;
      populateChunk(world, chunk);
    }
  }
  return peopled;
}

function live(world: BlocksWorld, row: number): void {
  const { columns } = world.entities;
  const every = Math.floor(world.parameters.tickRate / LOOKS_PER_SECOND);
  const decides = world.tick >= (columns.moodEndTick[row] ?? 0);
  const looks = (world.tick + row) % every === 0;
  const behaviour = decides || looks ? BEHAVIOURS.get(columns.kind[row] ?? 0) : undefined;
  if (decides) behaviour?.decide(world, row);
  if (looks) {
    const entity = world.entities.ids[row];
    behaviour?.look(world, row);
    // It may have died of what it did.
    if (world.entities.ids[row] !== entity) return;
  }
  if (columns.dx[row] !== 0 || columns.dy[row] !== 0) walk(world, row);
}

function walk(world: BlocksWorld, row: number): void {
  const { columns } = world.entities;
  const mood = columns.mood[row] ?? 0;
  const free = seesLand(world, row) && moveBody(world, row, traitsOf(columns.kind[row] ?? 0).speed);
  if (free || mood === Mood.Fight) return;
  // Another way, or another thing to do.
  if (mood === Mood.Seek) setMood(world, row, Mood.Walk, ticksOf(world, DETOUR_MS));
  if (mood === Mood.Walk) columns.moodEndTick[row] = world.tick + 1;
  else turn(world, row, chanceOf(world, row, { salt: Salt.Dodge, below: 8 }));
}

/** Creatures go into no water; one that is in it comes out. */
function seesLand(world: BlocksWorld, row: number): boolean {
  const { x, y, dx, dy } = world.entities.columns;
  const fromX = x[row] ?? 0;
  const fromY = y[row] ?? 0;
  const aheadX = Math.floor((fromX + (dx[row] ?? 0) * STEP_AHEAD) / BLOCKS_UNIT);
  const aheadY = Math.floor((fromY + (dy[row] ?? 0) * STEP_AHEAD) / BLOCKS_UNIT);
  const hereX = Math.floor(fromX / BLOCKS_UNIT);
  const hereY = Math.floor(fromY / BLOCKS_UNIT);
  if (aheadX === hereX && aheadY === hereY) return true;
  return isDryLand(world, aheadX, aheadY) || !isDryLand(world, hereX, hereY);
}

import { Block, GRASS_RIPE } from "../blocks/block-ids.ts";
import { hasPastureIn, isPastureIn } from "../chunks/chunk-map.ts";
import { BLOCKS_UNIT, LAYER_FLOOR } from "../constants.ts";
import { middleOf } from "../entities/entities.ts";
import { distanceSquared } from "../entities/nearby.ts";
import { areaIndex, cellAt, chunkAt, isInside, placeOf } from "../layout.ts";
import type { BlocksWorld } from "../world.ts";
import { blockIn, levelIn, setLevel, wake } from "../write-block.ts";
import type { CreatureBehaviour } from "./behaviour.ts";
import { othersNear } from "./find.ts";
import { flee } from "./flee.ts";
import { hungerOf, setHunger } from "./hunger.ts";
import { Mood, setMood, ticksOf } from "./mood.ts";
import { hasCreatureRoom, spawnCreature } from "./spawn-creature.ts";
import { chanceOf, Salt, stop, turnTo } from "./steer.ts";
import { wander } from "./wander.ts";

/** Hunger from where grass is sought, and what a bite takes of it. */
const HUNGRY_ABOVE = 400;
const BITE = 300;
/** How far grass is seen, in blocks. */
const GRASS_REACH = 8;
const SEEKS_MS = 10_000;
const GRAZES_MS = 2000;
const ARRIVED = 40;
/** Hunger below which one has young, in one of so many meals, and others within so many blocks. */
const FED_BELOW = 250;
const BREEDS_IN = 8;
const HERD_MAX = 4;
const HERD_REACH = 16;

/** What sets one kind of animal apart. */
interface Habits {
  /** When it is not hungry; wanders unless it says so. */
  readonly roam?: CreatureBehaviour["decide"];
  /** While it rests or wanders, five times a second. */
  readonly notice?: CreatureBehaviour["look"];
}

/** One that grazes when it is hungry, runs when it is hurt, and has habits of its own. */
export function animalWith({ roam = wander, notice }: Habits): CreatureBehaviour {
  return {
    decide(world, row) {
      const { columns } = world.entities;
      if (columns.mood[row] === Mood.Graze) {
        bite(world, row);
        breed(world, row);
      }
      const grass = hungerOf(world, row) > HUNGRY_ABOVE ? findGrass(world, row) : -1;
      if (grass === -1) {
        roam(world, row);
        return;
      }
      columns.target[row] = grass;
      setMood(world, row, Mood.Seek, ticksOf(world, SEEKS_MS));
      turnTo(world, row, middleOf(placeOf(world.shape, grass)));
    },

    look(world, row) {
      if (flee(world, row)) return;
      const mood = world.entities.columns.mood[row];
      if (mood === Mood.Seek) goToGrass(world, row);
      else if (mood === Mood.Idle || mood === Mood.Walk) notice?.(world, row);
    },
  };
}

function goToGrass(world: BlocksWorld, row: number): void {
  const cell = world.entities.columns.target[row] ?? 0;
  const place = middleOf(placeOf(world.shape, cell));
  if (distanceSquared(world, row, place) > ARRIVED * ARRIVED) turnTo(world, row, place);
  else {
    stop(world, row);
    setMood(world, row, Mood.Graze, ticksOf(world, GRAZES_MS));
  }
}

function bite(world: BlocksWorld, row: number): void {
  const cell = world.entities.columns.target[row] ?? 0;
  if (!isRipe(world, cell)) return;
  setLevel(world, cell, levelIn(world, cell) - 1);
  // It grows again.
  wake(world, cell);
  setHunger(world, row, Math.max(0, hungerOf(world, row) - BITE));
}

/** A well fed animal with company has young now and then, where it is not crowded. */
function breed(world: BlocksWorld, row: number): void {
  const { columns } = world.entities;
  if (hungerOf(world, row) > FED_BELOW) return;
  if (chanceOf(world, row, { salt: Salt.Young, below: BREEDS_IN }) !== 0) return;
  const kind = columns.kind[row] ?? 0;
  const herd = othersNear(world, row, { kind, reach: HERD_REACH * BLOCKS_UNIT }).length;
  if (herd === 0 || herd >= HERD_MAX || !hasCreatureRoom(world)) return;
  spawnCreature(world, kind, {
    x: Math.floor((columns.x[row] ?? 0) / BLOCKS_UNIT),
    y: Math.floor((columns.y[row] ?? 0) / BLOCKS_UNIT),
  });
}

/** Cell of the nearest ripe grass that can be stood on, or -1. */
function findGrass(world: BlocksWorld, row: number): number {
  const { shape, chunks } = world;
  const { columns } = world.entities;
  const x = Math.floor((columns.x[row] ?? 0) / BLOCKS_UNIT);
  const y = Math.floor((columns.y[row] ?? 0) / BLOCKS_UNIT);
  if (!isNearPasture(world, x, y)) return -1;
  for (let place = 0; place < AROUND.length; place += 2) {
    const atX = x + (AROUND[place] ?? 0);
    const atY = y + (AROUND[place + 1] ?? 0);
    if (!isInside(shape, atX, atY)) continue;
    const chunk = chunkAt(shape, atX, atY);
    if (!isPastureIn(chunks, chunk, areaIndex(atX, atY))) continue;
    return cellAt(shape, { x: atX, y: atY, layer: LAYER_FLOOR });
  }
  return -1;
}

/** Whether any of the chunks within reach has something; in the desert none has. */
function isNearPasture({ shape, chunks }: BlocksWorld, x: number, y: number): boolean {
  const right = Math.min(shape.width - 1, x + GRASS_REACH);
  const bottom = Math.min(shape.height - 1, y + GRASS_REACH);
  for (const atY of [Math.max(0, y - GRASS_REACH), bottom]) {
    for (const atX of [Math.max(0, x - GRASS_REACH), right]) {
      if (hasPastureIn(chunks, chunkAt(shape, atX, atY))) return true;
    }
  }
  return false;
}

/** All places within reach, one square ring after the other from the middle on, right and down. */
const AROUND: Int8Array = placesAround();

function placesAround(): Int8Array {
  const places: number[] = [];
  for (let ring = 0; ring <= GRASS_REACH; ring++) {
    for (let step = 0; step < Math.max(1, ring * 8); step++) {
      const [right, down] = onRing(ring, step);
      if (right * right + down * down <= GRASS_REACH * GRASS_REACH) places.push(right, down);
    }
  }
  return Int8Array.from(places);
}

/** Places of a square ring around the middle, one after the other. */
function onRing(ring: number, step: number): readonly [number, number] {
  if (ring === 0) return [0, 0];
  const along = (step % (ring * 2)) - ring;
  switch (Math.floor(step / (ring * 2))) {
    case 0:
      return [along, -ring];
    case 1:
      return [ring, along];
    case 2:
      return [-along, ring];
    default:
      return [-ring, -along];
  }
}

function isRipe(world: BlocksWorld, cell: number): boolean {
  return blockIn(world, cell) === Block.Grass && levelIn(world, cell) >= GRASS_RIPE;
}

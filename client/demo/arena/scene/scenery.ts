/** Places what grows and stands: from the seed, so that the arena looks the same to everyone. */
import type { Rgb } from "../../scene/character-look.ts";
import { createSequence, mix, valueNoise } from "../../scene/noise.ts";
import { type GroundMap, mapAt } from "./ground-map.ts";
import { SCENERY } from "./scenery-shapes.ts";

/** One thing; units of the world. */
export interface SceneryItem {
  readonly kind: number;
  readonly x: number;
  readonly y: number;
  readonly turn: number;
  readonly scale: number;
  readonly colour: Rgb;
  /** How far the wind bends it. */
  readonly sway: number;
}

export interface SceneryWorld {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly map: GroundMap;
}

/** Units on a side of the squares by which things are found. */
const SQUARE = 200;
/** Units around the arena in which something grows. */
const WILD_WIDTH = 420;
/** Square units of arena for each attempt to place something small. */
const SMALL_AREA = 620;
/** Square units of wilderness for each tree, bush or rock. */
const WILD_AREA = 2100;
/** South of the arena things must stay low, or they would hide the players. */
const LOW_SOUTH = 130;
/** Units from the arena's edge to the middle of its wall. */
const WALL_AWAY = 13;
const WALL_LENGTH = 50;
const PILLAR_EVERY = 250;

const PETALS: readonly Rgb[] = [
  [1, 0.96, 0.9],
  [1, 0.78, 0.3],
  [0.93, 0.5, 0.62],
  [0.66, 0.6, 0.95],
];

/** Everything, found by place. */
export class Scenery {
  readonly #squares = new Map<string, SceneryItem[]>();
  readonly count: number;

  constructor(items: readonly SceneryItem[]) {
    this.count = items.length;
    for (const item of items) {
      const key = squareKey(Math.floor(item.x / SQUARE), Math.floor(item.y / SQUARE));
      const square = this.#squares.get(key);
      if (square === undefined) this.#squares.set(key, [item]);
      else square.push(item);
    }
  }

  /** Calls `visit` for what stands within the rectangle around a point, and a little more. */
  around(
    centre: { x: number; y: number },
    half: { width: number; height: number },
    visit: (item: SceneryItem) => void,
  ): void {
    const left = Math.floor((centre.x - half.width) / SQUARE);
    const right = Math.floor((centre.x + half.width) / SQUARE);
    const top = Math.floor((centre.y - half.height) / SQUARE);
    const bottom = Math.floor((centre.y + half.height) / SQUARE);
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        for (const item of this.#squares.get(squareKey(column, row)) ?? []) visit(item);
      }
    }
  }
}

/** Plants the whole world. */
export function plantScenery(world: SceneryWorld): Scenery {
  return new Scenery([...plantInside(world), ...plantOutside(world), ...buildBorder(world)]);
}

function plantInside(world: SceneryWorld): SceneryItem[] {
  const next = createSequence(world.seed + 900);
  const items: SceneryItem[] = [];
  const attempts = Math.floor((world.width * world.height) / SMALL_AREA);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const x = next() * world.width;
    const y = next() * world.height;
    const choice = next();
    const tone = next();
    const base = { x, y, turn: next() * Math.PI * 2, scale: 0.75 + next() * 0.6 };
    const u = x / world.width;
    const v = y / world.height;
    const bare = mapAt(world.map, 0, u, v) > 0.3 || mapAt(world.map, 2, u, v) > 0.35;
    if (bare) {
      if (choice < 0.1) items.push(thing(SCENERY.pebble, base, [1, 1, 1]));
      continue;
    }
    const meadow = valueNoise(world.seed + 77, { x: x / 170, y: y / 170 }, 64);
    if (choice < 0.34 && meadow > 0.58) {
      const petal = PETALS[Math.floor(meadow * 40) % PETALS.length] ?? [1, 1, 1];
      items.push(thing(SCENERY.flower, { ...base, sway: 0.004 }, petal));
    } else if (choice < 0.82) {
      items.push(thing(SCENERY.grass, { ...base, sway: 0.008 }, leaf(tone)));
    } else if (choice < 0.86) {
      items.push(thing(SCENERY.pebble, base, [1, 1, 1]));
    } else if (choice < 0.875) {
      items.push(thing(SCENERY.mushroom, base, [0.86, 0.3, 0.26]));
    }
  }
  return items;
}

function plantOutside(world: SceneryWorld): SceneryItem[] {
  const next = createSequence(world.seed + 901);
  const items: SceneryItem[] = [];
  const outer = (world.width + 2 * WILD_WIDTH) * (world.height + 2 * WILD_WIDTH);
  const attempts = Math.floor(outer / WILD_AREA);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const x = mix(-WILD_WIDTH, world.width + WILD_WIDTH, next());
    const y = mix(-WILD_WIDTH, world.height + WILD_WIDTH, next());
    const choice = next();
    const tone = next();
    const base = { x, y, turn: next() * Math.PI * 2, scale: 0.8 + next() * 0.65 };
    const beyond = Math.max(-x, -y, x - world.width, y - world.height);
    if (beyond < 34) continue;
    const low = y - world.height > 0 && y - world.height < LOW_SOUTH;
    const green: Rgb = [mix(0.2, 0.36, tone), mix(0.42, 0.56, tone), mix(0.3, 0.26, tone)];
    if (low || choice < 0.24) items.push(thing(SCENERY.bush, { ...base, sway: 0.0006 }, green));
    else if (choice < 0.32) items.push(thing(SCENERY.rock, base, [1, 1, 1]));
    else if (choice < 0.72) items.push(thing(SCENERY.pine, { ...base, sway: 0.0005 }, green));
    else items.push(thing(SCENERY.oak, { ...base, sway: 0.0005 }, leaf(tone)));
  }
  return items;
}

function buildBorder(world: SceneryWorld): SceneryItem[] {
  const { width, height } = world;
  return [
    ...buildSide(width, (at) => ({ x: at, y: -WALL_AWAY, turn: 0 })),
    ...buildSide(width, (at) => ({ x: at, y: height + WALL_AWAY, turn: 0 })),
    ...buildSide(height, (at) => ({ x: -WALL_AWAY, y: at, turn: Math.PI / 2 })),
    ...buildSide(height, (at) => ({ x: width + WALL_AWAY, y: at, turn: Math.PI / 2 })),
  ];
}

function buildSide(
  length: number,
  place: (at: number) => { x: number; y: number; turn: number },
): SceneryItem[] {
  const items: SceneryItem[] = [];
  for (let at = WALL_LENGTH / 2; at < length; at += WALL_LENGTH) {
    items.push(thing(SCENERY.wall, { ...place(at), scale: 1 }, [1, 1, 1]));
  }
  for (let at = 0; at <= length; at += PILLAR_EVERY) {
    const glow: Rgb = (at / PILLAR_EVERY) % 2 === 0 ? [0.45, 0.95, 1] : [1, 0.8, 0.4];
    items.push(thing(SCENERY.pillar, { ...place(at), scale: 1 }, glow));
  }
  return items;
}

function thing(
  kind: number,
  base: { x: number; y: number; turn: number; scale: number; sway?: number },
  colour: Rgb,
): SceneryItem {
  return { kind, sway: 0, ...base, colour };
}

function leaf(tone: number): Rgb {
  return [mix(0.36, 0.62, tone), mix(0.56, 0.7, tone), mix(0.26, 0.3, tone)];
}

function squareKey(column: number, row: number): string {
  return `${column},${row}`;
}

/** What each kind of block looks like, in every layer. */
import { Block } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { hashNoise, mix, valueNoise } from "../../scene/noise.ts";

/** Channels of the detail texture. */
export const TEXTURE = { grain: 0, boards: 1, bricks: 2, rock: 3 } as const;

/** A surface: a colour and the structure in it. */
export interface Surface {
  readonly colour: Rgb;
  readonly texture: number;
  /** How strongly the structure shows. */
  readonly contrast: number;
}

/** How a block of the active layer is built. */
export type Form =
  | "none"
  | "cube"
  | "rock"
  | "glass"
  | "tree"
  | "cactus"
  | "flower"
  | "chest"
  | "door"
  | "water"
  | "glow";

const { grain, boards, bricks, rock } = TEXTURE;

const FORMS: ReadonlyMap<number, Form> = new Map<number, Form>([
  [Block.Air, "none"],
  [Block.Stone, "rock"],
  [Block.Ore, "rock"],
  [Block.Water, "water"],
  [Block.DeepWater, "water"],
  [Block.Glass, "glass"],
  [Block.Flower, "flower"],
  [Block.Tree, "tree"],
  [Block.Cactus, "cactus"],
  [Block.Chest, "chest"],
  [Block.Door, "door"],
  [Block.Portal, "glow"],
  [Block.Spawner, "glow"],
]);

const SURFACES: ReadonlyMap<number, Surface> = new Map<number, Surface>([
  [Block.Stone, { colour: [0.57, 0.57, 0.6], texture: rock, contrast: 0.55 }],
  [Block.Grass, { colour: [0.4, 0.58, 0.24], texture: grain, contrast: 0.5 }],
  [Block.Water, { colour: [0.25, 0.55, 0.72], texture: grain, contrast: 0.1 }],
  [Block.Sand, { colour: [0.87, 0.76, 0.52], texture: grain, contrast: 0.2 }],
  [Block.Dirt, { colour: [0.5, 0.37, 0.25], texture: grain, contrast: 0.45 }],
  [Block.DeepWater, { colour: [0.12, 0.33, 0.55], texture: grain, contrast: 0.1 }],
  [Block.Ore, { colour: [0.55, 0.53, 0.55], texture: rock, contrast: 0.6 }],
  [Block.Planks, { colour: [0.74, 0.54, 0.33], texture: boards, contrast: 0.6 }],
  [Block.Brick, { colour: [0.72, 0.38, 0.29], texture: bricks, contrast: 0.65 }],
  [Block.Glass, { colour: [0.72, 0.88, 0.93], texture: grain, contrast: 0.05 }],
  [Block.Tree, { colour: [0.44, 0.31, 0.2], texture: boards, contrast: 0.4 }],
  [Block.Cactus, { colour: [0.32, 0.58, 0.33], texture: grain, contrast: 0.2 }],
  [Block.Flower, { colour: [0.95, 0.55, 0.62], texture: grain, contrast: 0 }],
  [Block.Chest, { colour: [0.63, 0.42, 0.2], texture: boards, contrast: 0.4 }],
  [Block.Door, { colour: [0.58, 0.36, 0.18], texture: boards, contrast: 0.5 }],
  [Block.Portal, { colour: [0.62, 0.4, 0.95], texture: grain, contrast: 0.2 }],
  [Block.Spawner, { colour: [0.85, 0.35, 0.3], texture: grain, contrast: 0.2 }],
]);

const UNKNOWN: Surface = { colour: [0.8, 0.5, 0.8], texture: grain, contrast: 0.3 };

/** How a block of the active layer is built; blocks that are not known here are cubes. */
export function formOf(id: number): Form {
  return FORMS.get(id) ?? "cube";
}

/** Its surface, the same everywhere. */
export function surfaceOf(id: number): Surface {
  return SURFACES.get(id) ?? UNKNOWN;
}

/** Whether it lies there as the land made it, and so runs over into its neighbours. */
export function isNatural(id: number): boolean {
  return id === Block.Grass || id === Block.Dirt || id === Block.Sand || id === Block.Stone;
}

export function isWater(id: number): boolean {
  return id === Block.Water || id === Block.DeepWater;
}

/** Blocks that one sees the ground through or around. */
export function coversGround(id: number): boolean {
  const form = formOf(id);
  return form === "cube" || form === "rock" || form === "glass";
}

/** Colour of the ground at a block, with its growth or moisture and the place's own touch. */
export function groundColour(id: number, level: number, x: number, y: number): Rgb {
  const { colour } = surfaceOf(id);
  const touch = 1 + (hashNoise(id, x, y) - 0.5) * 0.09;
  if (id === Block.Grass) {
    const drift = valueNoise(91, { x: x / 7, y: y / 7 }, 4096);
    const lush = 0.35 + 0.13 * level;
    const green: Rgb = [mix(0.3, 0.46, drift), mix(0.5, 0.57, drift), mix(0.22, 0.26, drift)];
    return scaled(blended([0.56, 0.5, 0.28], green, lush), touch);
  }
  if (id === Block.Dirt) return scaled(colour, touch * (1 - 0.035 * level));
  return scaled(colour, touch);
}

export function scaled([red, green, blue]: Rgb, by: number): Rgb {
  return [red * by, green * by, blue * by];
}

/** From `a` to `b` as `part` goes from 0 to 1. */
export function blended(a: Rgb, b: Rgb, part: number): Rgb {
  return [mix(a[0], b[0], part), mix(a[1], b[1], part), mix(a[2], b[2], part)];
}

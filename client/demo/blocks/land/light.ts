/**
 * The day's light, worked out once for each corner of a mesh: a warm sun from the south-west, a
 * cool sky, and softer shade where things stand close. So the graphics card only copies it.
 */
import { Block, LAYER_ACTIVE, LAYER_CEILING } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { mix, smoothStep } from "../../scene/noise.ts";
import { formOf } from "./block-look.ts";
import { type Surrounding, UNSEEN } from "./surrounding.ts";

/** Light may be more than 1; this is the most that a mesh holds. */
export const LIGHT_MAX = 1.4;

/** Toward the sun. */
const SUN = [-0.46, 0.72, 0.52] as const;
/** Blocks east and north by which a shadow lies off for each block of height. */
const EAST = 0.62;
const NORTH = 0.34;
/** Heights, in blocks, at which the way to the sun is looked at. */
const STEPS: readonly (readonly [height: number, layer: number])[] = [
  [0.3, LAYER_ACTIVE],
  [0.62, LAYER_ACTIVE],
  [0.95, LAYER_ACTIVE],
  [1.3, LAYER_CEILING],
  [1.62, LAYER_CEILING],
];

/** What falls on a surface that looks along the normal; `sun` from 0 in the shade to 1. */
export function lightOn(
  normal: readonly [x: number, y: number, z: number],
  { sun, sky }: { readonly sun: number; readonly sky: number },
): Rgb {
  const facing = normal[0] * SUN[0] + normal[1] * SUN[1] + normal[2] * SUN[2];
  const direct = smoothStep(0.12, 0.9, Math.max(0, facing) * 0.75 + 0.25) * (0.1 + 0.9 * sun);
  // Sides in their own shade are lit by the ground, too.
  const up = 0.28 + normal[1] * 0.36 + 0.36;
  const bounce = sky * (0.82 + 0.18 * sun);
  return [
    mix(0.36, 0.62, up) * bounce + 0.64 * direct,
    mix(0.43, 0.69, up) * bounce + 0.54 * direct,
    mix(0.55, 0.79, up) * bounce + 0.38 * direct,
  ];
}

/** How much of the sun reaches a place on the ground of a chunk; blocks, with a fraction. */
export function sunAt(from: Surrounding, x: number, y: number): number {
  let shade = 0;
  for (const [height, layer] of STEPS) {
    const column = Math.floor(x - EAST * height);
    const row = Math.floor(y + NORTH * height);
    shade += shadeOf(from.id(layer, column, row), layer);
  }
  return 1 - Math.min(1, shade * 0.52);
}

/** How much of the sky a corner between blocks sees; `x` and `y` may lie on borders. */
export function skyAt(from: Surrounding, x: number, y: number): number {
  let near = 0;
  let roofs = 0;
  for (const right of [-0.25, 0.25]) {
    for (const down of [-0.25, 0.25]) {
      const column = Math.floor(x + right);
      const row = Math.floor(y + down);
      near += shadeOf(from.id(LAYER_ACTIVE, column, row), LAYER_ACTIVE);
      roofs += shadeOf(from.id(LAYER_CEILING, column, row), LAYER_CEILING);
    }
  }
  return Math.max(0.45, 1 - near * 0.13 - roofs * 0.02);
}

/** How much of the light a block takes away. */
function shadeOf(id: number, layer: number): number {
  if (id === UNSEEN || id === Block.Air) return 0;
  if (layer === LAYER_CEILING) return id === Block.Cactus ? 0.3 : 0.9;
  switch (formOf(id)) {
    case "cube":
    case "rock":
      return 1;
    case "tree":
    case "cactus":
    case "chest":
    case "door":
    case "glow":
      return 0.45;
    case "glass":
      return 0.4;
    default:
      return 0;
  }
}

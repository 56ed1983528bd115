/** What is over one's head: roofs that rise toward their middle, and the tops of trees. */
import { Block, CHUNK_SIDE, LAYER_CEILING } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { hashNoise } from "../../scene/noise.ts";
import { BLOCK, EAVES_HEIGHT, WALL_HEIGHT } from "../scale.ts";
import { variantAt } from "./active-mesh.ts";
import { addProp } from "./add-prop.ts";
import { formOf, type Surface, scaled, surfaceOf } from "./block-look.ts";
import { lightOn } from "./light.ts";
import { type Corner, litBy, type MeshBuilder } from "./mesh-builder.ts";
import { cactusTops, chest, crowns } from "./props.ts";
import { MARGIN, type Surrounding, UNSEEN } from "./surrounding.ts";

/** Scene units by which a roof rises over each block from its edge, up to so many. */
const PITCH = 15;
const RISE_BLOCKS_MAX = MARGIN - 1;
/** Thatch and tiles are warmer than the walls below. */
const WARM: Rgb = [0.9, 0.64, 0.58];
const LEAVES: readonly Rgb[] = [
  [0.3, 0.52, 0.22],
  [0.38, 0.57, 0.22],
  [0.25, 0.47, 0.26],
  [0.47, 0.56, 0.2],
];

/** Builds the ceiling of the chunk that was read. */
export function buildCeiling(builder: MeshBuilder, from: Surrounding): void {
  for (let y = 0; y < CHUNK_SIDE; y += 1) {
    for (let x = 0; x < CHUNK_SIDE; x += 1) {
      const id = from.id(LAYER_CEILING, x, y);
      if (id === UNSEEN || id === Block.Air) continue;
      if (id === Block.Tree) addCrown(builder, from, { x, y });
      else if (id === Block.Cactus) addCactusTop(builder, from, { x, y });
      else addRoof(builder, from, { x, y, id });
    }
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function addCrown(builder: MeshBuilder, from: Surrounding, { x, y }: Place): void {
  const [worldX, worldY] = [from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y];
  const pick = (salt: number) => hashNoise(salt, worldX, worldY);
  const leaves = LEAVES[Math.floor(pick(61) * LEAVES.length)] ?? [0.3, 0.5, 0.2];
  addProp(builder, from, {
    x,
    y,
    shape: crowns[variantAt(from, x, y)] ?? chest,
    tint: scaled(leaves, 0.9 + pick(67) * 0.25),
    surface: { colour: leaves, texture: 0, contrast: 0.7 },
    scale: 0.9 + pick(71) * 0.25,
    sway: 0.4 + pick(73) * 0.6,
  });
}

function addCactusTop(builder: MeshBuilder, from: Surrounding, { x, y }: Place): void {
  const shape = cactusTops[variantAt(from, x, y)] ?? chest;
  const surface = { ...surfaceOf(Block.Cactus), contrast: 0.12 };
  addProp(builder, from, { x, y, shape, tint: [1, 1, 1], surface });
}

/** Whether a block carries on the roof beside it. */
function isRoof(from: Surrounding, x: number, y: number): boolean {
  const id = from.id(LAYER_CEILING, x, y);
  if (id === UNSEEN || id === Block.Air) return false;
  const form = formOf(id);
  return form !== "tree" && form !== "cactus";
}

/** Height of the roof over a corner between blocks: more the farther the roof's edge is. */
function heightOf(from: Surrounding, x: number, y: number): number {
  for (let reach = 0; reach < RISE_BLOCKS_MAX; reach += 1) {
    for (let down = -reach - 1; down <= reach; down += 1) {
      for (let right = -reach - 1; right <= reach; right += 1) {
        if (!isRoof(from, x + right, y + down)) return EAVES_HEIGHT + reach * PITCH;
      }
    }
  }
  return EAVES_HEIGHT + RISE_BLOCKS_MAX * PITCH;
}

function addRoof(builder: MeshBuilder, from: Surrounding, at: Place & { id: number }): void {
  const { x, y, id } = at;
  const surface = surfaceOf(id);
  const touch = 0.94 + hashNoise(83, x, y) * 0.12;
  const own = scaled(surface.colour, touch);
  const colour: Rgb =
    id === Block.Planks ? [own[0] * WARM[0], own[1] * WARM[1], own[2] * WARM[2]] : own;
  const heights = [0, 1].map((down) => [0, 1].map((right) => heightOf(from, x + right, y + down)));
  const height = (right: number, down: number) => heights[down]?.[right] ?? EAVES_HEIGHT;
  const slopeX = (height(1, 0) + height(1, 1) - height(0, 0) - height(0, 1)) / (2 * BLOCK);
  const slopeY = (height(0, 1) + height(1, 1) - height(0, 0) - height(1, 0)) / (2 * BLOCK);
  const length = Math.hypot(slopeX, 1, slopeY);
  const normal = [-slopeX / length, 1 / length, -slopeY / length] as const;
  const light = lightOn(normal, { sun: 1, sky: 0.85 });
  const corner = (right: number, down: number): Corner => ({
    at: [(x + right) * BLOCK, height(right, down), (y + down) * BLOCK],
    colour: litBy(colour, scaled(light, 0.86 + (height(right, down) - EAVES_HEIGHT) / 160)),
    // Boards lie along the ridge of whichever way it falls.
    uv: Math.abs(slopeX) > Math.abs(slopeY) ? [y + down, x + right] : [x + right, y + down],
  });
  const quad = [corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)] as const;
  // Folded along the diagonal that keeps hips straight.
  const across = height(0, 0) + height(1, 1) >= height(1, 0) + height(0, 1);
  const [a, b, c, d] = quad;
  builder.quad(across ? [a, b, c, d] : [b, c, d, a], surface);
  addEaves(builder, from, { x, y, colour, surface });
}

const SIDES = [
  { right: 1, down: 0, normal: [1, 0, 0] },
  { right: 0, down: 1, normal: [0, 0, 1] },
  { right: -1, down: 0, normal: [-1, 0, 0] },
] as const;

/** The roof's edge, where nothing carries it on. */
function addEaves(
  builder: MeshBuilder,
  from: Surrounding,
  { x, y, colour, surface }: Place & { colour: Rgb; surface: Surface },
): void {
  for (const { right, down, normal } of SIDES) {
    if (isRoof(from, x + right, y + down)) continue;
    const light = scaled(lightOn(normal, { sun: 1, sky: 1 }), 0.8);
    const lit = litBy(colour, light);
    const [west, north] = [x * BLOCK, y * BLOCK];
    const [east, south] = [west + BLOCK, north + BLOCK];
    const [first, last] =
      down === 1
        ? [[west, south] as const, [east, south] as const]
        : right === 1
          ? [[east, south] as const, [east, north] as const]
          : [[west, north] as const, [west, south] as const];
    const at = (end: readonly [number, number], height: number, v: number): Corner => ({
      at: [end[0], height, end[1]],
      colour: lit,
      uv: [(end[0] + end[1]) / BLOCK, v],
    });
    builder.quad(
      [
        at(first, WALL_HEIGHT, 0.05),
        at(last, WALL_HEIGHT, 0.05),
        at(last, EAVES_HEIGHT, 0.2),
        at(first, EAVES_HEIGHT, 0.2),
      ],
      surface,
    );
  }
}

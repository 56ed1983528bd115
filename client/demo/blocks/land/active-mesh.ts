/** What stands on the ground of a chunk: rocks, walls, trunks, doors, chests. */
import { Block, CHUNK_SIDE, LAYER_ACTIVE } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { hashNoise } from "../../scene/noise.ts";
import { yawed } from "../../scene/shapes.ts";
import { WALL_HEIGHT } from "../scale.ts";
import { addProp, type Prop } from "./add-prop.ts";
import { type Form, formOf, groundColour, scaled, surfaceOf } from "./block-look.ts";
import { sunAt } from "./light.ts";
import type { MeshBuilder } from "./mesh-builder.ts";
import { cacti, chest, closedDoor, flowers, gem, openDoor, trunks, VARIANTS } from "./props.ts";
import { addSolid } from "./solids.ts";
import { type Surrounding, UNSEEN } from "./surrounding.ts";

const SIDEWAYS_DOORS = [yawed(closedDoor, Math.PI / 2), yawed(openDoor, Math.PI / 2)] as const;
const PETALS: readonly Rgb[] = [
  [0.95, 0.42, 0.5],
  [0.98, 0.8, 0.3],
  [0.62, 0.5, 0.95],
  [0.98, 0.62, 0.36],
];
const WATER_HEIGHT = 3.2;
const ORES: Rgb = [0.98, 0.78, 0.36];

/** Builds what stands in the chunk that was read. */
export function buildActive(builder: MeshBuilder, from: Surrounding): void {
  for (let y = 0; y < CHUNK_SIDE; y += 1) {
    for (let x = 0; x < CHUNK_SIDE; x += 1) {
      const id = from.id(LAYER_ACTIVE, x, y);
      if (id !== UNSEEN && id !== Block.Air) addBlock(builder, from, { x, y, id });
    }
  }
}

interface Standing {
  readonly x: number;
  readonly y: number;
  readonly id: number;
}

function addBlock(builder: MeshBuilder, from: Surrounding, standing: Standing): void {
  const form = formOf(standing.id);
  if (form === "cube" || form === "rock" || form === "glass" || form === "water") {
    addCube(builder, from, standing);
  } else {
    const prop = propOf(from, standing, form);
    if (prop !== undefined) addProp(builder, from, prop);
  }
}

/** Scene units up to which a block fills its place; 0 where it does not. */
export function heightOf(from: Surrounding, x: number, y: number): number {
  const id = from.id(LAYER_ACTIVE, x, y);
  if (id === UNSEEN) return 0;
  const form = formOf(id);
  if (form === "water") return from.level(LAYER_ACTIVE, x, y) * WATER_HEIGHT;
  if (form === "cube" || form === "glass") return WALL_HEIGHT;
  if (form !== "rock") return 0;
  const [worldX, worldY] = [from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y];
  return WALL_HEIGHT - 6 + hashNoise(13, worldX, worldY) * 9;
}

function addCube(builder: MeshBuilder, from: Surrounding, { x, y, id }: Standing): void {
  const surface = surfaceOf(id);
  const level = from.level(LAYER_ACTIVE, x, y);
  const [worldX, worldY] = [from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y];
  const rock = formOf(id) === "rock";
  // A rock that was struck shows it.
  const worn = rock ? 0.72 + 0.028 * Math.min(10, level === 0 ? 10 : level) : 1;
  const touch = rock ? 0.9 + hashNoise(17, worldX, worldY) * 0.18 : 1;
  addSolid(builder, from, {
    x,
    y,
    bottom: 0,
    top: heightOf(from, x, y),
    colour: scaled(groundColour(id, level, worldX, worldY), worn * touch),
    surface,
    beside: (right, down) => heightOf(from, x + right, y + down),
    foot: sunAt(from, x + 0.5, y + 1.2),
  });
  if (id === Block.Ore) addOre(builder, from, { x, y, id });
}

/** Nuggets on the top and the front of a rock. */
function addOre(builder: MeshBuilder, from: Surrounding, { x, y, id }: Standing): void {
  const top = heightOf(from, x, y);
  for (let index = 0; index < 4; index += 1) {
    const pick = (salt: number) => hashNoise(salt, x * 4 + index, y) - 0.5;
    const right = (x + 0.5 + pick(3) * 0.6) * 32;
    const down = (y + 0.5 + pick(5) * 0.6) * 32;
    const size = 3 + (pick(7) + 0.5) * 3;
    const colour = scaled(ORES, 1 + pick(9) * 0.3);
    const corner = (dx: number, dz: number) => ({
      at: [right + dx * size, top + 0.4, down + dz * size] as const,
      colour,
      uv: [0, 0] as const,
    });
    const quad = [corner(-1, 0), corner(0, 1), corner(1, 0), corner(0, -1)] as const;
    builder.quad([...quad], { ...surfaceOf(id), contrast: 0 });
  }
}

function propOf(from: Surrounding, { x, y, id }: Standing, form: Form): Prop | undefined {
  const variant = variantAt(from, x, y);
  const surface = { ...surfaceOf(id), contrast: 0.12 };
  const base = { x, y, surface, tint: surface.colour };
  switch (form) {
    case "tree":
      return { ...base, shape: trunks[variant] ?? chest, surface: surfaceOf(id), sun: 0.35 };
    case "cactus":
      return { ...base, shape: cacti[variant] ?? chest };
    case "flower":
      return { ...base, shape: flowers[variant] ?? chest, tint: PETALS[variant] ?? [1, 1, 1] };
    case "chest":
      return { ...base, shape: chest, surface: { ...surface, texture: 1, contrast: 0.25 } };
    case "door":
      return { ...base, shape: doorOf(from, x, y), surface: { ...surface, contrast: 0.2 } };
    case "glow":
      return { ...base, shape: gem };
    default:
      return undefined;
  }
}

/** Doors lie between the walls beside them. */
function doorOf(from: Surrounding, x: number, y: number) {
  const open = from.level(LAYER_ACTIVE, x, y) === 1;
  const upright = heightOf(from, x, y - 1) > 0 && heightOf(from, x, y + 1) > 0;
  if (upright) return SIDEWAYS_DOORS[open ? 1 : 0];
  return open ? openDoor : closedDoor;
}

/** One of the looks of trees and flowers, by the place. */
export function variantAt(from: Surrounding, x: number, y: number): number {
  const [worldX, worldY] = [from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y];
  return Math.floor(hashNoise(23, worldX, worldY) * VARIANTS);
}

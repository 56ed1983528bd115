/** The ground of a chunk: land, water and what is dug into it, with all shade that lies on it. */
import { Block, CHUNK_SIDE, LAYER_ACTIVE, LAYER_FLOOR } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { BLOCK, WATER_DEPTH } from "../scale.ts";
import {
  blended,
  coversGround,
  groundColour,
  isNatural,
  isWater,
  type Surface,
  scaled,
  surfaceOf,
} from "./block-look.ts";
import { lightOn, skyAt, sunAt } from "./light.ts";
import { type Corner, litBy, type MeshBuilder } from "./mesh-builder.ts";
import { type Surrounding, UNSEEN } from "./surrounding.ts";

/** Scene units to the bottom of a hole. */
const PIT_DEPTH = 26;
const PIT: Surface = { colour: [0.16, 0.13, 0.13], texture: 3, contrast: 0.4 };
const FOAM: Rgb = [0.86, 0.95, 0.95];
/** Parts of 1 by which a corner may differ from what lies between its neighbours. */
const EVEN = 0.02;

const UP = [0, 1, 0] as const;
/** Sides of a hole or pond that the camera sees, and from where their light comes. */
const BANKS = [
  { right: 0, down: -1, normal: [0, 0, 1] },
  { right: -1, down: 0, normal: [1, 0, 0] },
  { right: 1, down: 0, normal: [-1, 0, 0] },
] as const;

/** Builds the ground of the chunk that was read. */
export function buildFloor(builder: MeshBuilder, from: Surrounding): void {
  for (let y = 0; y < CHUNK_SIDE; y += 1) {
    for (let x = 0; x < CHUNK_SIDE; x += 1) {
      const id = from.id(LAYER_FLOOR, x, y);
      if (id === UNSEEN || coversGround(from.id(LAYER_ACTIVE, x, y))) continue;
      addGround(builder, from, { x, y, id });
      if (heightOf(id) < 0) addBanks(builder, from, { x, y, id });
    }
  }
}

interface Ground {
  readonly x: number;
  readonly y: number;
  readonly id: number;
}

function heightOf(id: number): number {
  if (id === Block.Air) return -PIT_DEPTH;
  return isWater(id) ? -WATER_DEPTH : 0;
}

function surfaceAt(id: number): Surface {
  return id === Block.Air ? PIT : surfaceOf(id);
}

/** Nine corners where shade or colour change within the block, else four. */
function addGround(builder: MeshBuilder, from: Surrounding, ground: Ground): void {
  const corners: Corner[] = [];
  for (let down = 0; down <= 2; down += 1) {
    for (let right = 0; right <= 2; right += 1) {
      corners.push(cornerAt(from, ground, { right, down }));
    }
  }
  const surface = surfaceAt(ground.id);
  const [a, , b, , , , d, , c] = corners;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return;
  if (isEven(corners)) {
    builder.quad([a, d, c, b], surface);
    return;
  }
  const first = builder.corner(a, surface);
  for (const corner of corners.slice(1)) builder.corner(corner, surface);
  for (const quad of [0, 1, 3, 4]) {
    const start = first + quad;
    // The diagonals meet in the middle, so that shade is the same from all sides.
    if (quad === 0 || quad === 4) {
      builder.triangle(start, start + 3, start + 4);
      builder.triangle(start, start + 4, start + 1);
    } else {
      builder.triangle(start, start + 3, start + 1);
      builder.triangle(start + 1, start + 3, start + 4);
    }
  }
}

function cornerAt(
  from: Surrounding,
  ground: Ground,
  { right, down }: { right: number; down: number },
): Corner {
  const x = ground.x + right / 2;
  const y = ground.y + down / 2;
  const water = isWater(ground.id);
  // A little inward, so that a wall's own edge does not lie in its shadow.
  const sun = sunAt(from, x + (1 - right) * 0.06, y + (1 - down) * 0.06);
  const light = lightOn(UP, { sun: water ? 0.4 + 0.6 * sun : sun, sky: skyAt(from, x, y) });
  return {
    at: [x * BLOCK, heightOf(ground.id), y * BLOCK],
    colour: litBy(colourAt(from, ground, { right, down }), light),
    uv: [from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y],
    extra: water ? 1 : 0,
  };
}

/** The mean of the blocks that meet in a corner and run over into each other. */
function colourAt(
  from: Surrounding,
  ground: Ground,
  { right, down }: { right: number; down: number },
): Rgb {
  const own = ownColour(from, ground.x, ground.y);
  const water = isWater(ground.id);
  if (!water && !isNatural(ground.id)) return own;
  let sum: Rgb = [0, 0, 0];
  let count = 0;
  let shore = false;
  for (const x of touched(ground.x, right)) {
    for (const y of touched(ground.y, down)) {
      const id = from.id(LAYER_FLOOR, x, y);
      if (id === UNSEEN) continue;
      if (water ? !isWater(id) : !isNatural(id)) {
        shore = true;
        continue;
      }
      const colour = ownColour(from, x, y);
      sum = [sum[0] + colour[0], sum[1] + colour[1], sum[2] + colour[2]];
      count += 1;
    }
  }
  const mean = count === 0 ? own : scaled(sum, 1 / count);
  return shore && water ? blended(mean, FOAM, 0.42) : mean;
}

/** Blocks on one axis that meet at 0 (its start), 1 (its middle) or 2 (its end). */
function touched(block: number, part: number): readonly number[] {
  if (part === 1) return [block];
  return part === 0 ? [block - 1, block] : [block, block + 1];
}

function ownColour(from: Surrounding, x: number, y: number): Rgb {
  const id = from.id(LAYER_FLOOR, x, y);
  if (id === Block.Air) return PIT.colour;
  const level = from.level(LAYER_FLOOR, x, y);
  return groundColour(id, level, from.column * CHUNK_SIDE + x, from.row * CHUNK_SIDE + y);
}

/** Whether four corners say the same as nine. */
function isEven(corners: readonly Corner[]): boolean {
  const part = (index: number, channel: number) => corners[index]?.colour[channel] ?? 0;
  for (let channel = 0; channel < 3; channel += 1) {
    const [a, b, c, d] = [part(0, channel), part(2, channel), part(6, channel), part(8, channel)];
    const off = (index: number, mean: number) => Math.abs(part(index, channel) - mean) > EVEN;
    if (off(4, (a + b + c + d) / 4)) return false;
    if (off(1, (a + b) / 2) || off(3, (a + c) / 2)) return false;
    if (off(5, (b + d) / 2) || off(7, (c + d) / 2)) return false;
  }
  return true;
}

/** The sides between higher ground and this. */
function addBanks(builder: MeshBuilder, from: Surrounding, { x, y, id }: Ground): void {
  const bottom = heightOf(id);
  for (const { right, down, normal } of BANKS) {
    const beside = from.id(LAYER_FLOOR, x + right, y + down);
    if (beside === UNSEEN) continue;
    const top = heightOf(beside);
    if (top <= bottom) continue;
    const surface = beside === Block.Grass ? surfaceOf(Block.Dirt) : surfaceOf(beside);
    const [lit, deep] = [0.95, 0.6].map((sky) => {
      return litBy(surface.colour, lightOn(normal, { sun: 0.7, sky }));
    });
    if (lit === undefined || deep === undefined) continue;
    const edge = edgeOf(x, y, { right, down });
    builder.quad(
      [
        { at: [edge.fromX, bottom, edge.fromZ], colour: deep, uv: [edge.from, bottom / BLOCK] },
        { at: [edge.toX, bottom, edge.toZ], colour: deep, uv: [edge.to, bottom / BLOCK] },
        { at: [edge.toX, top, edge.toZ], colour: lit, uv: [edge.to, top / BLOCK] },
        { at: [edge.fromX, top, edge.fromZ], colour: lit, uv: [edge.from, top / BLOCK] },
      ],
      surface,
    );
  }
}

/** A block's edge toward a neighbour, so that it is seen from inside the block. */
function edgeOf(x: number, y: number, { right, down }: { right: number; down: number }) {
  const [west, north] = [x * BLOCK, y * BLOCK];
  const [east, south] = [west + BLOCK, north + BLOCK];
  if (down === -1) {
    return { fromX: west, fromZ: north, toX: east, toZ: north, from: x, to: x + 1 };
  }
  return right === -1
    ? { fromX: west, fromZ: south, toX: west, toZ: north, from: y + 1, to: y }
    : { fromX: east, fromZ: north, toX: east, toZ: south, from: y, to: y + 1 };
}

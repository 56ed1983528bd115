import { CHUNK_SIDE } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import type { Shape } from "../../scene/shapes.ts";
import { BLOCK } from "../scale.ts";
import type { Surface } from "./block-look.ts";
import { lightOn } from "./light.ts";
import { litBy, type MeshBuilder } from "./mesh-builder.ts";
import type { Surrounding } from "./surrounding.ts";

/** A shape that stands in a block. */
export interface Prop {
  readonly x: number;
  readonly y: number;
  readonly shape: Shape;
  readonly tint: Rgb;
  readonly surface: Surface;
  /** 1 unless given. */
  readonly scale?: number;
  /** How far its top sways in the wind, 0 to 1. */
  readonly sway?: number;
  /** How much of the sun reaches it, 1 unless given. */
  readonly sun?: number;
}

/** Scene units over which things get lighter from the ground up. */
const RISE = 40;

/** Puts a shape into the middle of its block, lit as it stands. */
export function addProp(builder: MeshBuilder, from: Surrounding, prop: Prop): void {
  const { shape, tint, surface, scale = 1, sway = 0, sun = 1 } = prop;
  const [left, top] = [(prop.x + 0.5) * BLOCK, (prop.y + 0.5) * BLOCK];
  const first = builder.positions.length / 3;
  const count = shape.positions.length / 3;
  for (let index = 0; index < count; index += 1) {
    const part = (list: readonly number[], axis: number) => list[index * 3 + axis] ?? 0;
    const height = part(shape.positions, 1) * scale;
    const x = left + part(shape.positions, 0) * scale;
    const z = top + part(shape.positions, 2) * scale;
    const normal = [0, 1, 2].map((axis) => part(shape.normals, axis));
    const sky = 0.72 + 0.28 * Math.min(1, height / RISE);
    const light = lightOn([normal[0] ?? 0, normal[1] ?? 1, normal[2] ?? 0], { sun, sky });
    builder.corner(
      {
        at: [x, height, z],
        colour: litBy(paintOf(shape, index, tint), light),
        uv: [from.column * CHUNK_SIDE + (x + height * 0.4) / BLOCK, (z - height) / BLOCK],
        extra: sway,
      },
      surface,
    );
  }
  for (const index of shape.indices) builder.indices.push(first + index);
}

function paintOf(shape: Shape, index: number, tint: Rgb): Rgb {
  const [red = 1, green = 1, blue = 1, part = 0] = shape.paints.slice(index * 4, index * 4 + 4);
  const tinted = (own: number, by: number) => own * (1 - part + part * by);
  return [tinted(red, tint[0]), tinted(green, tint[1]), tinted(blue, tint[2])];
}

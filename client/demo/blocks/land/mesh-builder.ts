/** Gathers the corners and triangles of a chunk's layer; all lengths in scene units. */
import type { Rgb } from "../../scene/character-look.ts";
import type { Surface } from "./block-look.ts";
import { LIGHT_MAX } from "./light.ts";

/** Blocks after which the detail texture repeats. */
export const TEXTURE_BLOCKS = 4;

/** A corner: place, light times colour, and where in the texture it lies, in blocks. */
export interface Corner {
  readonly at: readonly [x: number, y: number, z: number];
  readonly colour: Rgb;
  readonly uv: readonly [u: number, v: number];
  /** Of the ground: 1 for water. Of ceilings: how far it sways. */
  readonly extra?: number;
}

/** A mesh in the making, of flat lists. */
export class MeshBuilder {
  readonly positions: number[] = [];
  /** Red, green, blue and extra, 0 to 255. */
  readonly colours: number[] = [];
  /** u, v, channel, contrast. */
  readonly details: number[] = [];
  readonly indices: number[] = [];

  clear(): void {
    for (const list of [this.positions, this.colours, this.details, this.indices]) list.length = 0;
  }

  get isEmpty(): boolean {
    return this.indices.length === 0;
  }

  /** Adds a corner and returns its number. */
  corner({ at, colour, uv, extra = 0 }: Corner, { texture, contrast }: Surface): number {
    const index = this.positions.length / 3;
    this.positions.push(at[0], at[1], at[2]);
    for (const part of colour) this.colours.push(toByte(part / LIGHT_MAX));
    this.colours.push(toByte(extra));
    this.details.push(uv[0] / TEXTURE_BLOCKS, uv[1] / TEXTURE_BLOCKS, texture, contrast);
    return index;
  }

  triangle(a: number, b: number, c: number): void {
    this.indices.push(a, b, c);
  }

  /** Four corners against the clock, as seen from outside. */
  quad(corners: readonly [Corner, Corner, Corner, Corner], surface: Surface): void {
    const [a, b, c, d] = corners;
    const first = this.corner(a, surface);
    for (const each of [b, c, d]) this.corner(each, surface);
    this.indices.push(first, first + 1, first + 2, first, first + 2, first + 3);
  }
}

function toByte(part: number): number {
  return Math.max(0, Math.min(255, Math.round(part * 255)));
}

/** Colour as a light shows it. */
export function litBy(colour: Rgb, light: Rgb): Rgb {
  return [colour[0] * light[0], colour[1] * light[1], colour[2] * light[2]];
}

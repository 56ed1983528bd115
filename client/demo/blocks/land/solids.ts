/** Solids that stand in a chunk, with chamfered edges where nothing adjoins them. */
import { CHUNK_SIDE } from "#shared/sim/index.ts";
import type { Rgb } from "../../scene/character-look.ts";
import { BLOCK } from "../scale.ts";
import type { Surface } from "./block-look.ts";
import { lightOn } from "./light.ts";
import { type Corner, litBy, type MeshBuilder } from "./mesh-builder.ts";
import type { Surrounding } from "./surrounding.ts";

/** Scene units that a free edge is cut by. */
const CHAMFER = 2.6;
/** Sides that the camera sees: east, south, west. The north side never is. */
const SIDES = [
  { right: 1, down: 0, normal: [1, 0, 0] },
  { right: 0, down: 1, normal: [0, 0, 1] },
  { right: -1, down: 0, normal: [-1, 0, 0] },
] as const;

/** A solid that fills its block from one height to another. */
export interface Solid {
  readonly x: number;
  readonly y: number;
  readonly bottom: number;
  readonly top: number;
  readonly colour: Rgb;
  readonly surface: Surface;
  /** Height of what adjoins a side; `bottom` or less when nothing does. */
  beside(right: number, down: number): number;
  /** How much of the light comes down to its foot, 0 to 1. */
  readonly foot: number;
}

interface Inset {
  readonly west: number;
  readonly east: number;
  readonly north: number;
  readonly south: number;
}

/** Adds the sides that can be seen. */
export function addSolid(builder: MeshBuilder, from: Surrounding, solid: Solid): void {
  const inset = {
    west: insetOf(solid, -1, 0),
    east: insetOf(solid, 1, 0),
    // Its north side is never seen, nor would be what cuts it.
    north: 0,
    south: insetOf(solid, 0, 1),
  };
  addTop(builder, from, solid, inset);
  for (const side of SIDES) {
    const beside = Math.max(solid.bottom, solid.beside(side.right, side.down));
    if (beside < solid.top - 0.1) addSide(builder, solid, { ...side, beside, inset });
  }
}

function insetOf(solid: Solid, right: number, down: number): number {
  return solid.beside(right, down) < solid.top - CHAMFER ? CHAMFER : 0;
}

function addTop(builder: MeshBuilder, from: Surrounding, solid: Solid, inset: Inset): void {
  const west = solid.x * BLOCK + inset.west;
  const east = (solid.x + 1) * BLOCK - inset.east;
  const north = solid.y * BLOCK + inset.north;
  const south = (solid.y + 1) * BLOCK - inset.south;
  const colour = litBy(solid.colour, lightOn([0, 1, 0], { sun: 1, sky: 1 }));
  const place = (x: number, z: number): Corner => ({
    at: [x, solid.top, z],
    colour,
    uv: [from.column * CHUNK_SIDE + x / BLOCK, from.row * CHUNK_SIDE + z / BLOCK],
  });
  builder.quad(
    [place(west, north), place(west, south), place(east, south), place(east, north)],
    solid.surface,
  );
}

interface Side {
  readonly right: number;
  readonly down: number;
  readonly normal: readonly [number, number, number];
  readonly beside: number;
  readonly inset: Inset;
}

/** A side, and above it the chamfer that catches the light. */
function addSide(builder: MeshBuilder, solid: Solid, side: Side): void {
  const { normal, beside, inset } = side;
  const cut = insetOf(solid, side.right, side.down);
  const edge = edgeOf(solid, side);
  const face = lightOn(normal, { sun: 1, sky: 1 });
  const foot = lightOn(normal, { sun: 0.55, sky: 0.5 + 0.3 * solid.foot });
  const shoulder = solid.top - cut;
  const at = (along: 0 | 1, height: number, light: Rgb): Corner => {
    const end = along === 0 ? edge.first : edge.last;
    return {
      at: [end.x, height, end.z],
      colour: litBy(solid.colour, light),
      uv: [end.uv, height / BLOCK],
    };
  };
  const low = beside <= solid.bottom ? foot : face;
  builder.quad(
    [at(0, beside, low), at(1, beside, low), at(1, shoulder, face), at(0, shoulder, face)],
    solid.surface,
  );
  if (cut === 0) return;
  const slanted = [normal[0] * 0.6, 0.8, normal[2] * 0.6] as const;
  const bright = lightOn(slanted, { sun: 1, sky: 1 });
  const shine = bright.map((part) => part * 1.12);
  const glow: Rgb = [shine[0] ?? 1, shine[1] ?? 1, shine[2] ?? 1];
  const [first, last] = edgeOnTop(solid, side, inset);
  const top = (end: { x: number; z: number }, uv: number): Corner => ({
    at: [end.x, solid.top, end.z],
    colour: litBy(solid.colour, glow),
    uv: [uv, solid.top / BLOCK],
  });
  builder.quad(
    [
      at(0, shoulder, glow),
      at(1, shoulder, glow),
      top(last, edge.last.uv),
      top(first, edge.first.uv),
    ],
    solid.surface,
  );
}

interface Place {
  readonly x: number;
  readonly z: number;
}

/** The lower edge of a side, so that going along it one has the solid on the left. */
function edgeOf({ x, y }: Solid, { right, down }: Side) {
  const [west, north] = [x * BLOCK, y * BLOCK];
  const [east, south] = [west + BLOCK, north + BLOCK];
  if (down === 1) return { first: at(west, south, x), last: at(east, south, x + 1) };
  return right === 1
    ? { first: at(east, south, y + 1), last: at(east, north, y) }
    : { first: at(west, north, y), last: at(west, south, y + 1) };
}

function edgeOnTop({ x, y }: Solid, { right, down }: Side, inset: Inset): [Place, Place] {
  const west = x * BLOCK + inset.west;
  const east = (x + 1) * BLOCK - inset.east;
  const north = y * BLOCK + inset.north;
  const south = (y + 1) * BLOCK - inset.south;
  if (down === 1) {
    return [
      { x: west, z: south },
      { x: east, z: south },
    ];
  }
  return right === 1
    ? [
        { x: east, z: south },
        { x: east, z: north },
      ]
    : [
        { x: west, z: north },
        { x: west, z: south },
      ];
}

function at(x: number, z: number, uv: number) {
  return { x, z, uv };
}

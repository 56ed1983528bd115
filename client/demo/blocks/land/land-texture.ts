/** Structure of the blocks' surfaces in one small picture, a channel for each. */
import { hashNoise, layeredNoise, mix, smoothStep } from "../../scene/noise.ts";
import { TEXTURE_BLOCKS } from "./mesh-builder.ts";

/** Texels on a side. */
export const TEXTURE_SIZE = 256;

const BLOCK_TEXELS = TEXTURE_SIZE / TEXTURE_BLOCKS;
/** Boards and courses of bricks across a block. */
const BOARDS = 4;
const COURSES = 4;

/** Red grain, green boards, blue bricks, alpha rock; half is plain, it repeats on both axes. */
export function paintDetails(): Uint8Array {
  const pixels = new Uint8Array(TEXTURE_SIZE * TEXTURE_SIZE * 4);
  for (let row = 0; row < TEXTURE_SIZE; row += 1) {
    for (let column = 0; column < TEXTURE_SIZE; column += 1) {
      const grain = grainAt(column, row);
      const values = [
        grain,
        boardAt(column, row) * 0.8 + grain * 0.2,
        brickAt(column, row) * 0.8 + grain * 0.2,
        rockAt(column, row),
      ];
      const offset = (row * TEXTURE_SIZE + column) * 4;
      for (const [channel, value] of values.entries()) {
        pixels[offset + channel] = Math.max(0, Math.min(255, Math.round(value * 255)));
      }
    }
  }
  return pixels;
}

function grainAt(column: number, row: number): number {
  const coarse = layeredNoise(3, { x: column / 16, y: row / 16 }, TEXTURE_SIZE / 16);
  // Blades and pebbles are a few texels long.
  const fine = layeredNoise(5, { x: column / 3.2, y: row / 6.4 }, TEXTURE_SIZE / 6.4);
  return mix(coarse, fine, 0.55);
}

function boardAt(column: number, row: number): number {
  const board = Math.floor((row / BLOCK_TEXELS) * BOARDS);
  const inside = (((row / BLOCK_TEXELS) * BOARDS) % 1) * (BLOCK_TEXELS / BOARDS);
  const shift = hashNoise(11, board, 0) * TEXTURE_SIZE;
  const end = (column + shift) % (BLOCK_TEXELS * 2);
  const piece = Math.floor((column + shift) / (BLOCK_TEXELS * 2)) % 2;
  const joint = inside < 1 || end < 1;
  const streak = layeredNoise(13 + board, { x: column / 32, y: row / 2 }, 8) - 0.5;
  return joint ? 0.08 : 0.5 + streak * 0.35 + (hashNoise(17, board, piece) - 0.5) * 0.3;
}

function brickAt(column: number, row: number): number {
  const height = BLOCK_TEXELS / COURSES;
  const course = Math.floor(row / height);
  const width = BLOCK_TEXELS / 2;
  const along = column + (course % 2) * (width / 2);
  const brick = Math.floor(along / width) % (TEXTURE_SIZE / width);
  const joint = row % height < 1.6 || along % width < 1.6;
  return joint ? 0.95 : 0.44 + (hashNoise(19, brick, course) - 0.5) * 0.4;
}

/** Facets with cracks between them: the nearest and second nearest of scattered points. */
function rockAt(column: number, row: number): number {
  const cells = 16;
  const [x, y] = [(column / TEXTURE_SIZE) * cells, (row / TEXTURE_SIZE) * cells];
  let [nearest, second, shade] = [9, 9, 0];
  for (let down = -1; down <= 1; down += 1) {
    for (let right = -1; right <= 1; right += 1) {
      const [cellX, cellY] = [Math.floor(x) + right, Math.floor(y) + down];
      const [keyX, keyY] = [(cellX + cells) % cells, (cellY + cells) % cells];
      const away = Math.hypot(
        cellX + hashNoise(29, keyX, keyY) - x,
        cellY + hashNoise(31, keyX, keyY) - y,
      );
      if (away < nearest) {
        second = nearest;
        nearest = away;
        shade = hashNoise(37, keyX, keyY);
      } else if (away < second) second = away;
    }
  }
  const crack = smoothStep(0, 0.14, second - nearest);
  return mix(0.2, 0.42 + shade * 0.3, crack);
}

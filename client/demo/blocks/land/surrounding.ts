/** A chunk with the blocks around it, close at hand: what its pictures follow from. */
import { CHUNK_AREA, CHUNK_SIDE, LAYERS } from "#shared/sim/index.ts";
import type { BlocksLandView } from "../../../sdk/blocks/blocks-session-types.ts";

/** Blocks around a chunk whose shadows, roofs and colours reach into it. */
export const MARGIN = 4;
/** Stands for a block of a chunk that is out of sight. */
export const UNSEEN = 0xffff;

const SIDE = CHUNK_SIDE + 2 * MARGIN;
const AREA = SIDE * SIDE;

/** Blocks by layer and by their place in the chunk, from `-MARGIN` to `CHUNK_SIDE + MARGIN - 1`. */
export class Surrounding {
  readonly #ids = new Uint16Array(AREA * LAYERS);
  readonly #levels = new Uint8Array(AREA * LAYERS);
  column = 0;
  row = 0;

  /** Reads a chunk and what is in sight around it. */
  read(land: BlocksLandView, column: number, row: number): void {
    this.column = column;
    this.row = row;
    this.#ids.fill(UNSEEN);
    this.#levels.fill(0);
    for (let down = -1; down <= 1; down += 1) {
      for (let right = -1; right <= 1; right += 1) {
        const chunk = land.chunk(column + right, row + down);
        if (chunk !== null) this.#copy(chunk, right * CHUNK_SIDE, down * CHUNK_SIDE);
      }
    }
  }

  id(layer: number, x: number, y: number): number {
    return this.#ids[layer * AREA + (y + MARGIN) * SIDE + x + MARGIN] ?? UNSEEN;
  }

  level(layer: number, x: number, y: number): number {
    return this.#levels[layer * AREA + (y + MARGIN) * SIDE + x + MARGIN] ?? 0;
  }

  /** Says whether a layer is still what it was; FNV-1a over 16 bits at a time. */
  hash(layer: number): number {
    let hash = 0x811c9dc5;
    for (let index = layer * AREA; index < (layer + 1) * AREA; index += 1) {
      hash = Math.imul(hash ^ (this.#ids[index] ?? 0), 0x01000193);
      hash = Math.imul(hash ^ (this.#levels[index] ?? 0), 0x01000193);
    }
    return hash;
  }

  #copy(from: { ids: Uint16Array; levels: Uint8Array }, left: number, top: number): void {
    const firstX = Math.max(-MARGIN, left);
    const endX = Math.min(CHUNK_SIDE + MARGIN, left + CHUNK_SIDE);
    const endY = Math.min(CHUNK_SIDE + MARGIN, top + CHUNK_SIDE);
    for (let layer = 0; layer < LAYERS; layer += 1) {
      for (let y = Math.max(-MARGIN, top); y < endY; y += 1) {
        const start = layer * CHUNK_AREA + (y - top) * CHUNK_SIDE - left;
        const target = layer * AREA + (y + MARGIN) * SIDE + MARGIN;
        this.#ids.set(from.ids.subarray(start + firstX, start + endX), target + firstX);
        this.#levels.set(from.levels.subarray(start + firstX, start + endX), target + firstX);
      }
    }
  }
}

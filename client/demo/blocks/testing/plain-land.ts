/** Land for tests: grass as far as one sees, and what a test puts there. */
import { Block, CHUNK_AREA, CHUNK_CELLS, CHUNK_SIDE } from "#shared/sim/index.ts";
import type {
  BlocksChunkView,
  BlocksLandView,
  BlocksPlaceView,
} from "../../../sdk/blocks/blocks-session-types.ts";

const COLUMNS = 4;

/** 4 × 4 chunks of grown grass. */
export class PlainLand implements BlocksLandView {
  readonly #chunks = new Map<number, BlocksChunkView>();

  constructor() {
    for (let cell = 0; cell < COLUMNS * COLUMNS; cell += 1) {
      const ids = new Uint16Array(CHUNK_CELLS);
      const levels = new Uint8Array(CHUNK_CELLS);
      ids.fill(Block.Grass, 0, CHUNK_AREA);
      levels.fill(5, 0, CHUNK_AREA);
      const place = { cell, column: cell % COLUMNS, row: Math.floor(cell / COLUMNS) };
      this.#chunks.set(cell, { ...place, ids, levels, version: 1 });
    }
  }

  chunks(): Iterable<BlocksChunkView> {
    return this.#chunks.values();
  }

  chunk(column: number, row: number): BlocksChunkView | null {
    return this.#chunks.get(row * COLUMNS + column) ?? null;
  }

  block(x: number, y: number, layer: number) {
    const found = this.#find({ x, y, layer });
    if (found === undefined) return null;
    const { chunk, index } = found;
    return { id: chunk.ids[index] ?? 0, level: chunk.levels[index] ?? 0 };
  }

  data(): Uint8Array | null {
    return null;
  }

  put(place: BlocksPlaceView, id: number, level = 0): this {
    const found = this.#find(place);
    if (found === undefined) throw new Error("cannot put a block: the place is out of sight");
    found.chunk.ids[found.index] = id;
    found.chunk.levels[found.index] = level;
    return this;
  }

  #find({ x, y, layer }: BlocksPlaceView) {
    const chunk = this.chunk(Math.floor(x / CHUNK_SIDE), Math.floor(y / CHUNK_SIDE));
    if (chunk === null || x < 0 || y < 0) return undefined;
    const index = layer * CHUNK_AREA + (y % CHUNK_SIDE) * CHUNK_SIDE + (x % CHUNK_SIDE);
    return { chunk, index };
  }
}

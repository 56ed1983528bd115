/** The land of a session in the scene: chunks come, change and go as the session tells. */
import { CHUNK_SIDE } from "#shared/sim/index.ts";
import type { Entity, GraphicsDevice } from "../../../playcanvas/engine.ts";
import type { WorldOrigin } from "../../../playcanvas/index.ts";
import type { BlocksSession } from "../../../sdk/blocks/blocks-session-types.ts";
import { BLOCK } from "../scale.ts";
import { ChunkView } from "./chunk-view.ts";
import { LandMaterials } from "./land-materials.ts";
import { Surrounding } from "./surrounding.ts";

/** Chunks built anew in a frame at most, while others are shown as they were. */
const BUILDS_MAX = 2;
/** Before anything is shown, more at once: nobody waits for a frame. */
const FIRST_BUILDS_MAX = 12;

export class LandView {
  readonly materials: LandMaterials;
  readonly #device: GraphicsDevice;
  readonly #root: Entity;
  readonly #surrounding = new Surrounding();
  readonly #chunks = new Map<number, ChunkView>();
  /** Chunks to look at, by cell: something in or beside them changed. */
  readonly #dirty = new Set<number>();
  #session: BlocksSession | null = null;
  #unbind: () => void = () => undefined;
  /** Layers built since the start. */
  builds = 0;

  constructor(root: Entity, device: GraphicsDevice) {
    this.#root = root;
    this.#device = device;
    this.materials = new LandMaterials(device);
  }

  /** Chunks that are shown. */
  get size(): number {
    return this.#chunks.size;
  }

  /** Shows this session's land from now on. */
  bind(session: BlocksSession): void {
    this.#unbind();
    this.#session = session;
    for (const chunk of this.#chunks.values()) chunk.destroy();
    this.#chunks.clear();
    this.#dirty.clear();
    for (const { column, row } of session.land.chunks()) this.#spread(column, row);
    this.#unbind = session.on("chunk", ({ type, cell, column, row }) => {
      if (type === "unloaded") this.#drop(cell);
      this.#spread(column, row);
    });
  }

  /** Builds what changed, nearest to the middle (in blocks) first, and places all of it. */
  update(origin: WorldOrigin, middle: { readonly x: number; readonly y: number }): void {
    this.#build(middle);
    for (const { entity, column, row } of this.#chunks.values()) {
      const side = CHUNK_SIDE * BLOCK;
      entity.setLocalPosition(origin.sceneX(column * side), 0, origin.sceneZ(row * side));
    }
  }

  /** The chunk and all around it, into which its colours and shadows reach. */
  #spread(column: number, row: number): void {
    const columns = this.#session?.parameters.columns ?? 0;
    for (let down = -1; down <= 1; down += 1) {
      for (let right = -1; right <= 1; right += 1) {
        const [x, y] = [column + right, row + down];
        if (x >= 0 && x < columns && y >= 0) this.#dirty.add(y * columns + x);
      }
    }
  }

  #drop(cell: number): void {
    this.#chunks.get(cell)?.destroy();
    this.#chunks.delete(cell);
  }

  #build(middle: { readonly x: number; readonly y: number }): void {
    const session = this.#session;
    if (session === null || this.#dirty.size === 0) return;
    const { columns } = session.parameters;
    const away = (cell: number) => {
      const x = ((cell % columns) + 0.5) * CHUNK_SIDE - middle.x;
      const y = (Math.floor(cell / columns) + 0.5) * CHUNK_SIDE - middle.y;
      return x * x + y * y;
    };
    let left = this.#chunks.size === 0 ? FIRST_BUILDS_MAX : BUILDS_MAX;
    for (const cell of [...this.#dirty].sort((one, other) => away(one) - away(other))) {
      if (left === 0) return;
      this.#dirty.delete(cell);
      if (this.#buildChunk(session, cell % columns, Math.floor(cell / columns))) left -= 1;
    }
  }

  #buildChunk(session: BlocksSession, column: number, row: number): boolean {
    const cell = row * session.parameters.columns + column;
    if (session.land.chunk(column, row) === null) {
      this.#drop(cell);
      return false;
    }
    const known = this.#chunks.get(cell);
    const chunk = known ?? new ChunkView(this.#root, { column, row });
    this.#chunks.set(cell, chunk);
    this.#surrounding.read(session.land, column, row);
    const before = chunk.builds;
    const changed = chunk.update(this.#device, this.materials, this.#surrounding);
    this.builds += chunk.builds - before;
    return changed;
  }
}

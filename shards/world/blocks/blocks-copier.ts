// Copies of a world of blocks for whoever turns them into snapshots on another thread: tables as
// those of any world, and of the chunks those that changed since the copy before. Whoever takes the
// copies keeps the others. So a copy costs what happened in ten seconds, not what was ever built.
import { CHUNK_BLOCKS } from "#shared/net/blocks-chunk-codec.ts";
import {
  type BlocksWorld,
  type CopyArea,
  chunkWith,
  SnapshotCopier,
  type StateCopy,
} from "#shared/sim/index.ts";
import { encodeBlocksHead } from "./blocks-snapshot.ts";
import { copiedBytes, copyChunk } from "./copied-chunks.ts";
import { MIRROR_TABLE, mirrorColumns } from "./stored-mirror.ts";

/** Copies the same world again and again; each copy must reach whoever had those before it. */
export class BlocksCopier {
  readonly #world: BlocksWorld;
  readonly #tables: SnapshotCopier;
  readonly #dirty: Set<number>;

  constructor(world: BlocksWorld) {
    this.#world = world;
    const { entities, bags, waiting } = world;
    this.#tables = new SnapshotCopier([entities, bags, waiting]);
    this.#dirty = new Set(world.chunks.changed);
  }

  /** Once after each tick. */
  collect(): void {
    this.#tables.collectTexts();
    const { changed, beside } = this.#world.effects;
    for (const cell of changed.keys()) this.#dirty.add(Math.floor(cell / CHUNK_BLOCKS));
    for (const cell of beside) this.#dirty.add(Math.floor(cell / CHUNK_BLOCKS));
  }

  /** Copies the world as it is now in place of what was in the area. */
  copy(area: CopyArea): StateCopy {
    const { tick, chunks } = this.#world;
    let bytes = 0;
    for (const cell of this.#dirty) bytes += copiedBytes(chunkWith(chunks, cell));
    const mirror = mirrorColumns(this.#world);
    const mirrorBytes = mirror.reduce((sum, column) => sum + column.bytes.length, 0);
    const tables = this.#tables.copy(area, bytes + mirrorBytes);
    const start = tables.texts.start + tables.texts.bytes;
    for (const cell of this.#dirty) copyChunk(area, chunkWith(chunks, cell));
    this.#dirty.clear();
    const register = {
      name: MIRROR_TABLE,
      rows: this.#world.mirror.register.size,
      columns: mirror.map(({ name, bytes }) => ({ name, numbers: area.append(bytes) })),
    };
    return {
      tick,
      head: encodeBlocksHead(this.#world),
      tables: [...tables.tables, register],
      texts: tables.texts,
      chunks: { start, bytes },
    };
  }
}

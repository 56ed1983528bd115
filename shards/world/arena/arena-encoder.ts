import {
  type ArenaEntityRecord,
  writeArenaDeath,
  writeArenaEntity,
  writeArenaHit,
} from "#shared/net/arena-frames.ts";
import type { CellBytes } from "#shared/net/cell-bytes.ts";
import type { ArenaWorld } from "#shared/sim/index.ts";
import { WANT_DELTA, WANT_KEYFRAME } from "../shard-world.ts";
import type { ArenaTracker } from "./arena-tracker.ts";

/** Encodes the arena's cells, each once for all who watch it. */
export class ArenaEncoder {
  readonly #world: ArenaWorld;
  readonly #tracker: ArenaTracker;
  /** First row of each cell and next row of each row, -1 at the end: the cells' contents. */
  readonly #heads: Int32Array;
  readonly #nexts: Int32Array;
  readonly #gone: number[] = [];
  readonly #record: ArenaEntityRecord = {
    id: 0,
    x: 0,
    y: 0,
    pose: 0,
    wounds: 0,
    score: 0,
    name: "",
  };

  constructor(world: ArenaWorld, tracker: ArenaTracker) {
    const { columns, rows } = world.measures.grid;
    this.#world = world;
    this.#tracker = tracker;
    this.#heads = new Int32Array(columns * rows);
    this.#nexts = new Int32Array(world.players.capacity);
  }

  /** Encodes what `wanted` asks for in each cell; deltas reach back `ticks` ticks. */
  encode(into: CellBytes, wanted: Uint8Array, ticks: number): void {
    const since = this.#world.tick - ticks;
    this.#linkCells();
    for (let cell = 0; cell < wanted.length; cell++) {
      const want = wanted[cell] ?? 0;
      if ((want & WANT_DELTA) !== 0) this.#encodeDelta(into, cell, since);
      if ((want & WANT_KEYFRAME) !== 0) this.#encodeKeyframe(into, cell);
    }
  }

  #linkCells(): void {
    const { cells } = this.#tracker;
    this.#heads.fill(-1);
    for (let row = this.#world.players.rowCount - 1; row >= 0; row--) {
      const cell = cells[row] ?? -1;
      if (cell < 0) continue;
      this.#nexts[row] = this.#heads[cell] ?? -1;
      this.#heads[cell] = row;
    }
  }

  #encodeDelta(into: CellBytes, cell: number, since: number): void {
    const { changedTick, namedTick } = this.#tracker;
    into.begin(cell, false);
    this.#writeGone(into, cell, since);
    for (let row = this.#heads[cell] ?? -1; row >= 0; row = this.#nexts[row] ?? -1) {
      const named = (namedTick[row] ?? 0) > since;
      if (named || (changedTick[row] ?? 0) > since) this.#writeEntity(into, row, named);
    }
    this.#writeEvents(into, cell, since);
    into.end();
  }

  #encodeKeyframe(into: CellBytes, cell: number): void {
    into.begin(cell, true);
    for (let row = this.#heads[cell] ?? -1; row >= 0; row = this.#nexts[row] ?? -1) {
      this.#writeEntity(into, row, true);
    }
    into.end();
  }

  #writeGone(into: CellBytes, cell: number, since: number): void {
    const { cells, ids } = this.#tracker;
    this.#gone.length = 0;
    for (const { tick, cell: left, entity } of this.#tracker.departures()) {
      if (left !== cell || tick <= since) continue;
      // One that came back within the interval is among the entities, not among the gone.
      const row = entity & 0xf_ffff;
      if (ids[row] === entity && cells[row] === cell) continue;
      if (!this.#gone.includes(entity)) this.#gone.push(entity);
    }
    into.gone(this.#gone, this.#gone.length);
  }

  #writeEntity(into: CellBytes, row: number, withName: boolean): void {
    const { columns } = this.#world.players;
    const { ids, poses, wounds, scores } = this.#tracker;
    const record = this.#record;
    record.id = ids[row] ?? 0;
    record.x = columns.x[row] ?? 0;
    record.y = columns.y[row] ?? 0;
    record.pose = poses[row] ?? 0;
    record.wounds = wounds[row] ?? 0;
    record.score = scores[row] ?? 0;
    record.name = withName ? (columns.name[row] ?? "") : "";
    writeArenaEntity(into.writer, record);
  }

  #writeEvents(into: CellBytes, cell: number, since: number): void {
    for (const hit of this.#tracker.hits()) {
      if (hit.cell === cell && hit.tick > since) writeArenaHit(into.writer, hit);
    }
    for (const death of this.#tracker.deaths()) {
      if (death.cell === cell && death.tick > since) writeArenaDeath(into.writer, death);
    }
  }
}

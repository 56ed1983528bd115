import { growColumn } from "./tick-frame.ts";

/** No cell has this number. */
const NO_CELL = 0xffff_ffff;
/** Rows that fresh columns have room for. */
const CAPACITY = 64;

/**
 * Entities of the arena as a client knows them, in columns: rows 0 to `count` - 1, in no order.
 * Whoever is removed gives its row to the last one, and growing replaces the columns: keep ids.
 */
export class KnownEntities {
  count = 0;
  id = new Uint32Array(CAPACITY);
  /** Tenths of a unit. */
  x = new Int32Array(CAPACITY);
  y = new Int32Array(CAPACITY);
  /** As `ArenaEntity.pose` packs it. */
  pose = new Uint32Array(CAPACITY);
  wounds = new Uint32Array(CAPACITY);
  score = new Uint32Array(CAPACITY);
  readonly name: string[] = [];
  /** Of the position; NO_CELL until the view has looked. */
  cell = new Uint32Array(CAPACITY);
  /** What told of the entity last; the view's own business. */
  mark = new Uint32Array(CAPACITY);
  readonly #rows = new Map<number, number>();

  /** Row of an entity; -1 when it is not known. */
  rowOf(id: number): number {
    return this.#rows.get(id) ?? -1;
  }

  /** A row for an entity that is not known, to be filled. */
  add(id: number): number {
    const row = this.count++;
    if (row >= this.id.length) this.#grow();
    this.id[row] = id;
    this.cell[row] = NO_CELL;
    this.#rows.set(id, row);
    return row;
  }

  remove(row: number): void {
    const last = --this.count;
    this.#rows.delete(this.id[row] ?? 0);
    if (row !== last) {
      const id = this.id[last] ?? 0;
      this.id[row] = id;
      this.x[row] = this.x[last] ?? 0;
      this.y[row] = this.y[last] ?? 0;
      this.pose[row] = this.pose[last] ?? 0;
      this.wounds[row] = this.wounds[last] ?? 0;
      this.score[row] = this.score[last] ?? 0;
      this.name[row] = this.name[last] ?? "";
      this.cell[row] = this.cell[last] ?? 0;
      this.mark[row] = this.mark[last] ?? 0;
      this.#rows.set(id, row);
    }
    this.name.length = last;
  }

  #grow(): void {
    this.id = growColumn(this.id);
    this.x = growColumn(this.x);
    this.y = growColumn(this.y);
    this.pose = growColumn(this.pose);
    this.wounds = growColumn(this.wounds);
    this.score = growColumn(this.score);
    this.cell = growColumn(this.cell);
    this.mark = growColumn(this.mark);
  }
}

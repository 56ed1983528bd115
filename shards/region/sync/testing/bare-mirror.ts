import { CellChanges } from "#shared/time/cell-changes.ts";
import { CellRegister } from "#shared/time/cell-register.ts";
import type { HybridClock, Stamp } from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import type { Applied, Mirror } from "../mirror.ts";
import type { RegionChangeSet, RegionItem } from "../outgoing-changes.ts";

/** A block in a place. */
export interface BareWrite {
  readonly x: number;
  readonly y: number;
  readonly layer?: number;
  /** Undefined takes away what was written there. */
  readonly value: number | undefined;
}

/**
 * A mirrored world with nothing but its cells: writes wait for the next tick, and a tick is in its
 * database when `commit` says so.
 */
export class BareMirror implements Mirror {
  readonly register: CellRegister;
  tick = 0;
  /** What other regions told of entities and chat. */
  readonly entities = new Map<string, Uint8Array>();
  readonly chat: RegionItem[] = [];
  readonly #hybrid: HybridClock;
  readonly #region: number;
  readonly #remote: (() => () => void)[] = [];
  #writes: BareWrite[] = [];
  #items: { entities: RegionItem[]; chat: RegionItem[] } = { entities: [], chat: [] };
  #stampAnew: Stamp | undefined;
  #forgetGone: Stamp | undefined;
  #uncommitted: (() => void)[] = [];

  constructor(options: { region: string; regions: RegionNames; hybrid: HybridClock }) {
    this.register = new CellRegister(options.regions);
    this.#region = options.regions.indexOf(options.region);
    this.#hybrid = options.hybrid;
  }

  /** Writes a block in the next tick. */
  write(...writes: BareWrite[]): void {
    this.#writes.push(...writes);
  }

  /** Tells of an entity or a line of chat with the next tick. */
  tell(lane: "entities" | "chat", ...items: RegionItem[]): void {
    this.#items[lane].push(...items);
  }

  /** What is in a cell; undefined for what nobody wrote to. */
  read(x: number, y: number, layer = 0): number | undefined {
    const row = this.register.find(x, y, layer);
    if (row < 0 || this.register.cells.gone[row] === 1) return undefined;
    return this.register.cells.value[row];
  }

  /** Runs a tick and gives what it changed here. */
  step(): RegionChangeSet {
    this.tick += 1;
    for (const apply of this.#remote.splice(0)) this.#uncommitted.push(apply());
    const stamp = this.#hybrid.next();
    const cells = new CellChanges();
    if (this.#stampAnew !== undefined) {
      this.register.stampAnew(this.#stampAnew, { stamp, region: this.#region }, cells);
      this.#stampAnew = undefined;
    }
    if (this.#forgetGone !== undefined) this.register.forgetGone(this.#forgetGone);
    this.#forgetGone = undefined;
    for (const { x, y, layer = 0, value } of this.#writes.splice(0)) {
      const gone = value === undefined;
      cells.add({ x, y, layer, stamp, region: this.#region, value: value ?? 0, gone });
    }
    this.register.mergeAll(cells);
    const { entities, chat } = this.#items;
    this.#items = { entities: [], chat: [] };
    return { cells, entities, chat };
  }

  /** All ticks so far are in the database. */
  commit(): void {
    for (const done of this.#uncommitted.splice(0)) done();
  }

  apply({ cells, entities, chat }: RegionChangeSet): Promise<Applied> {
    const { promise, resolve } = Promise.withResolvers<Applied>();
    this.#remote.push(() => {
      const lost = cells.length - this.register.mergeAll(cells);
      for (const { id, bytes } of entities) this.entities.set(id, bytes);
      this.chat.push(...chat);
      return () => resolve({ lost });
    });
    return promise;
  }

  settled(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#remote.push(() => resolve);
    return promise;
  }

  stampAnew(limit: Stamp): void {
    this.#stampAnew = limit;
  }

  forgetGone(end: Stamp): void {
    this.#forgetGone = end;
  }
}

// What is in the chests that players have open, for those players alone, as of the last tick that
// is in the shard's database. What nobody looks into is sent to nobody.
import { type BlocksWorld, chestOf, NO_CHEST, readChest } from "#shared/sim/index.ts";

interface ShownChest {
  /** `NO_CHEST`: none is open any more. */
  cell: number;
  /** In rows of two, item and count; empty slots at the end are left out. */
  slots: readonly number[];
  /** Tick whose frames were the first to show it. */
  tick: number;
}

/** The open chest of each player, by entity; `note` after every step, `show` before frames. */
export class ShownChests {
  readonly #world: BlocksWorld;
  readonly #shown = new Map<number, ShownChest>();
  /** Who has a chest open as of the last step, by its cell. */
  readonly #openers = new Map<number, Set<number>>();
  readonly #cells = new Map<number, number>();
  /** Views that wait for their commit, the oldest first: one for each player and change. */
  #waiting: { tick: number; entity: number; view: Omit<ShownChest, "tick"> | undefined }[] = [];

  constructor(world: BlocksWorld) {
    this.#world = world;
  }

  /** Takes all for committed: before the first step after a start or a replay. */
  adopt(): void {
    this.#waiting = [];
    for (const entity of [...this.#cells.keys()]) this.#turn(entity, NO_CHEST);
    this.#shown.clear();
    const { tick } = this.#world;
    for (const bag of this.#world.bagByPlayer.values()) {
      const cell = chestOf(this.#world, bag);
      if (cell === NO_CHEST) continue;
      const entity = this.#world.bags.columns.owner[bag] ?? 0;
      this.#turn(entity, cell);
      this.#shown.set(entity, { cell, slots: this.#slotsOf(cell), tick });
    }
  }

  /** A step was done. */
  note(): void {
    const { tick, effects } = this.#world;
    for (const { entity, cell } of effects.opened) {
      this.#turn(entity, cell);
      this.#wait(tick, entity, cell);
    }
    for (const { entity } of effects.departed) {
      this.#turn(entity, NO_CHEST);
      this.#waiting.push({ tick, entity, view: undefined });
    }
    if (this.#openers.size === 0) return;
    for (const cell of effects.beside) {
      for (const entity of this.#openers.get(cell) ?? []) this.#wait(tick, entity, cell);
    }
  }

  /** What is committed becomes visible in the frames of the present tick. */
  show(committedTick: number): void {
    let shown = 0;
    for (const { tick, entity, view } of this.#waiting) {
      if (tick > committedTick) break;
      shown += 1;
      if (view === undefined) this.#shown.delete(entity);
      else this.#shown.set(entity, { ...view, tick: this.#world.tick });
    }
    if (shown > 0) this.#waiting.splice(0, shown);
  }

  /** Undefined for one who never had one open. */
  of(entity: number): Readonly<ShownChest> | undefined {
    return this.#shown.get(entity);
  }

  #turn(entity: number, cell: number): void {
    const before = this.#cells.get(entity);
    if (before !== undefined) {
      const openers = this.#openers.get(before);
      openers?.delete(entity);
      if (openers?.size === 0) this.#openers.delete(before);
      this.#cells.delete(entity);
    }
    if (cell === NO_CHEST) return;
    this.#cells.set(entity, cell);
    const openers = this.#openers.get(cell) ?? new Set<number>();
    this.#openers.set(cell, openers.add(entity));
  }

  #wait(tick: number, entity: number, cell: number): void {
    this.#waiting.push({ tick, entity, view: { cell, slots: this.#slotsOf(cell) } });
  }

  #slotsOf(cell: number): number[] {
    if (cell === NO_CHEST) return [];
    const slots = readChest(this.#world, cell).flatMap(({ item, count }) => [item, count]);
    while (slots.length > 0 && slots.at(-1) === 0) slots.length -= 2;
    return slots;
  }
}

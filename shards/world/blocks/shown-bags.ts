// What players carry, as they may see it: as of the last tick that is in the shard's database.
import { type BlocksWorld, readSlots, rowOf } from "#shared/sim/index.ts";

interface ShownBag {
  slots: readonly number[];
  /** Tick whose frames were the first to show it. */
  tick: number;
}

/** The bags of all players, by entity; `note` after every step, `show` before frames. */
export class ShownBags {
  readonly #world: BlocksWorld;
  readonly #shown = new Map<number, ShownBag>();
  /** Bags that wait for their commit, the oldest first: one for each player and tick. */
  #waiting: { tick: number; entity: number; slots: readonly number[] | undefined }[] = [];

  constructor(world: BlocksWorld) {
    this.#world = world;
  }

  /** Takes all for committed: before the first step after a start or a replay. */
  adopt(): void {
    this.#waiting = [];
    this.#shown.clear();
    for (const bag of this.#world.bagByPlayer.values()) {
      const entity = this.#world.bags.columns.owner[bag] ?? 0;
      this.#shown.set(entity, { slots: readSlots(this.#world, bag), tick: this.#world.tick });
    }
  }

  /** A step was done. */
  note(): void {
    const { tick, effects } = this.#world;
    for (const { entity } of effects.joined) this.#read(tick, entity);
    for (const entity of effects.lasting) this.#read(tick, entity);
    for (const { entity } of effects.departed) {
      this.#waiting.push({ tick, entity, slots: undefined });
    }
  }

  /** What is committed becomes visible in the frames of the present tick. */
  show(committedTick: number): void {
    let shown = 0;
    for (const { tick, entity, slots } of this.#waiting) {
      if (tick > committedTick) break;
      shown += 1;
      if (slots === undefined) this.#shown.delete(entity);
      else this.#shown.set(entity, { slots, tick: this.#world.tick });
    }
    if (shown > 0) this.#waiting.splice(0, shown);
  }

  /** Undefined for one who is not shown yet. */
  of(entity: number): Readonly<ShownBag> | undefined {
    return this.#shown.get(entity);
  }

  #read(tick: number, entity: number): void {
    const row = rowOf(this.#world.entities, entity);
    const bag = (this.#world.entities.columns.bag[row] ?? 0) - 1;
    if (row === -1 || bag < 0 || this.#world.bags.columns.playerId[bag] === "") return;
    this.#waiting.push({ tick, entity, slots: readSlots(this.#world, bag) });
  }
}

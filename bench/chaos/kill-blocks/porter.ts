import { Block, BlocksKind, Item, type Random } from "#shared/sim/index.ts";
import { ActionError, type BlocksSession, createClient } from "../../../client/index.ts";

/** How far it builds and digs over its head, in blocks; the rules allow a little more. */
const REACH = 3;
/** How far it takes what lies there. */
const TAKES = 1.8;
const CEILING = 2;
const VIEWPORT = { width: 100, height: 75 };
/** Most of a kind that it puts down at once. */
const ARMFUL = 3;
/** What it builds of. */
const STUFF: readonly number[] = [Block.Planks, Block.Glass];

/** What everybody has from the start, and no creature leaves: nothing makes or takes these. */
export const COUNTED: readonly number[] = [
  ...STUFF,
  Block.Door,
  Item.Seeds,
  Item.Fertiliser,
  Item.HealingPotion,
  Item.Bucket,
  Item.Pickaxe,
];

/** What a porter tells whoever watches. */
export interface Watcher {
  answered(): void;
}

/** A player who lays down, takes up, builds and breaks, and notes what the shard says of each. */
export class Porter {
  readonly #client;
  readonly #random: Random;
  readonly #index: number;
  #session: BlocksSession | undefined;
  #working: Promise<void> | undefined;
  #wantsMore = false;
  /** By kind: what it must have, by what it was told. */
  readonly book = new Map<number, number>();
  done = 0;
  refused = 0;
  /** Answers that never came, with what the client said. */
  readonly failures: string[] = [];

  constructor(index: number, { url, random }: { url: string; random: Random }) {
    this.#index = index;
    this.#random = random;
    const kept = new Map<string, string>();
    this.#client = createClient({
      url,
      random: () => random.below(1_000) / 1_000,
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
    });
  }

  async join(): Promise<void> {
    await this.#client.guest({ displayName: `Porter ${this.#index}` });
    this.#session = await this.#client.join("blocks", { viewport: VIEWPORT });
  }

  get session(): BlocksSession {
    if (this.#session === undefined) throw new Error("cannot use porter: it has not joined");
    return this.#session;
  }

  /** Whether it has been shown the land and what it carries. */
  get isReady(): boolean {
    return this.session.sample().self !== null && this.carries(Block.Planks) > 0;
  }

  /** Takes what it carries now for what it must have. */
  openBook(): void {
    for (const item of COUNTED) this.book.set(item, this.carries(item));
  }

  /** As the shard last told its player. */
  carries(item: number): number {
    return this.session.selfState.inventory.reduce((sum, slot) => {
      return slot.item === item ? sum + slot.count : sum;
    }, 0);
  }

  /** Whether it has been shown all that came of what it did. */
  get agrees(): boolean {
    return COUNTED.every((item) => this.carries(item) === this.book.get(item));
  }

  /** Works on and on until `rest`; `pause` resolves a moment later. */
  start(watcher: Watcher, pause: () => Promise<void>): void {
    this.#wantsMore = true;
    this.#working = this.#work(watcher, pause);
  }

  /** Stops; resolves when the last action was answered. */
  async rest(): Promise<void> {
    this.#wantsMore = false;
    await this.#working;
  }

  async #work(watcher: Watcher, pause: () => Promise<void>): Promise<void> {
    while (this.#wantsMore) {
      if (!(await this.#actOnce(watcher))) await pause();
    }
  }

  /** False when there is nothing to do here now. */
  async #actOnce(watcher: Watcher): Promise<boolean> {
    const chosen = this.#choose();
    if (chosen === undefined) return false;
    const { action, item, gain } = chosen;
    try {
      await this.session.perform(action);
      this.done += 1;
      this.book.set(item, (this.book.get(item) ?? 0) + gain);
    } catch (error) {
      if (!(error instanceof ActionError) || error.problem !== "refused") {
        this.failures.push(error instanceof Error ? error.message : String(error));
        return false;
      }
      this.refused += 1;
    }
    watcher.answered();
    return true;
  }

  #choose() {
    if (this.session.selfState.health === 0) return undefined;
    // Slots are chosen by what it is shown, so that must be what there is.
    switch (this.#random.below(this.agrees ? 4 : 2)) {
      case 0:
        return this.#pickup();
      case 1:
        return this.#breakBlock();
      case 2:
        return this.#drop();
      default:
        return this.#build();
    }
  }

  #drop() {
    const { self } = this.session.sample();
    const { inventory } = this.session.selfState;
    const slot = this.#random.below(inventory.length);
    const { item = 0, count = 0 } = inventory[slot] ?? {};
    if (self === null || count === 0 || !COUNTED.includes(item)) return undefined;
    const dropped = 1 + this.#random.below(Math.min(ARMFUL, count));
    const place = { x: Math.floor(self.x), y: Math.floor(self.y) };
    return {
      action: { case: "drop" as const, slot, count: dropped, ...place },
      ...{ item, gain: -dropped },
    };
  }

  #pickup() {
    const { self, others } = this.session.sample();
    if (self === null) return undefined;
    const lying = others.filter(({ kind, item, x, y }) => {
      const isNear = Math.hypot(x - self.x, y - self.y) < TAKES;
      return kind === BlocksKind.Item && COUNTED.includes(item) && isNear;
    });
    const found = lying[this.#random.below(Math.max(1, lying.length))];
    if (found === undefined) return undefined;
    const { id: entity, item, count: gain } = found;
    return { action: { case: "pickup" as const, entity }, item, gain };
  }

  /** Breaks what anybody built over its head. */
  #breakBlock() {
    const found = this.#overHead();
    if (found === undefined || !STUFF.includes(found.block)) return undefined;
    const { place, block: item } = found;
    return { action: { case: "buildBreak" as const, place }, item, gain: 0 };
  }

  /** Builds where nothing is over its head. */
  #build() {
    const found = this.#overHead();
    const { inventory } = this.session.selfState;
    const slot = inventory.findIndex(({ item }) => STUFF.includes(item));
    const item = inventory[slot]?.item;
    if (found?.block !== Block.Air || item === undefined) return undefined;
    return { action: { case: "buildPlace" as const, place: found.place, slot }, item, gain: -1 };
  }

  /** Some place over its head, and what stands there. */
  #overHead() {
    const { self } = this.session.sample();
    if (self === null) return undefined;
    const away = () => this.#random.below(2 * REACH + 1) - REACH;
    const [x, y] = [Math.floor(self.x) + away(), Math.floor(self.y) + away()];
    const block = this.session.land.block(x, y, CEILING)?.id;
    return block === undefined ? undefined : { place: { x, y, layer: CEILING }, block };
  }
}

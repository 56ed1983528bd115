/** In which order one keeps one's slots, and which of the first nine is in the hand. */
import { SLOTS } from "#shared/sim/index.ts";
import type { BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";

/** Places at hand, chosen by a number or the wheel. */
export const HAND_PLACES = 9;
const EMPTY: BlocksSlot = { item: 0, count: 0 };

/** Where the order is kept from one visit to the next. */
export interface PocketStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = "tessera-pockets";

export class Pockets {
  /** Slot of each place. */
  readonly #slots: number[];
  readonly #store: PocketStore | null;
  #place = 0;

  constructor(store: PocketStore | null) {
    this.#store = store;
    this.#slots = readOrder(store?.getItem(KEY) ?? null);
  }

  /** The place in the hand. */
  get place(): number {
    return this.#place;
  }

  choose(place: number): void {
    this.#place = (place + HAND_PLACES) % HAND_PLACES;
  }

  slotAt(place: number): number {
    return this.#slots[place] ?? place;
  }

  /** What lies at a place. */
  at(inventory: readonly BlocksSlot[], place: number): BlocksSlot {
    return inventory[this.slotAt(place)] ?? EMPTY;
  }

  /** What is in the hand. */
  inHand(inventory: readonly BlocksSlot[]): BlocksSlot & { readonly slot: number } {
    return { ...this.at(inventory, this.#place), slot: this.slotAt(this.#place) };
  }

  /** Changes two places. */
  swap(one: number, other: number): void {
    const [first, second] = [this.slotAt(one), this.slotAt(other)];
    this.#slots[one] = second;
    this.#slots[other] = first;
    this.#store?.setItem(KEY, JSON.stringify(this.#slots));
  }
}

/** Whatever was kept, each slot has one place. */
export function readOrder(kept: string | null): number[] {
  const plain = Array.from({ length: SLOTS }, (_, slot) => slot);
  try {
    const order: unknown = JSON.parse(kept ?? "");
    if (!Array.isArray(order) || order.length !== SLOTS) return plain;
    const sorted = [...order].sort((one, other) => one - other);
    return sorted.every((slot, index) => slot === index) ? order : plain;
  } catch {
    return plain;
  }
}

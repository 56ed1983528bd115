/** What is in a chest; a click takes it out, a click in the bag puts it in. */
import { CHEST_SLOTS } from "#shared/sim/index.ts";
import type { BlocksPlaceView, BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import { make, makeButton } from "../../hud/make.ts";
import { SlotCell } from "./slot-cell.ts";

/** Bytes of a slot: item (two, the lower one first) and count. */
const SLOT_BYTES = 3;

/** The stacks of a chest's data. */
export function readChestData(data: Uint8Array | null): BlocksSlot[] {
  return Array.from({ length: CHEST_SLOTS }, (_, slot) => {
    const [low = 0, high = 0, count = 0] = data?.subarray(slot * SLOT_BYTES) ?? [];
    return count === 0 ? { item: 0, count: 0 } : { item: low | (high << 8), count };
  });
}

export class ChestPanel {
  readonly root: HTMLElement;
  readonly #cells: readonly SlotCell[];
  #place: BlocksPlaceView | null = null;

  constructor(wishes: {
    readonly take: (place: BlocksPlaceView, slot: number) => void;
    readonly close: () => void;
  }) {
    this.#cells = Array.from({ length: CHEST_SLOTS }, (_, slot) => {
      return new SlotCell(() => {
        if (this.#place !== null) wishes.take(this.#place, slot);
      });
    });
    const close = makeButton("close", "Close (Esc)", wishes.close);
    close.append("×");
    this.root = make(
      "section",
      "panel chest",
      make("h2", "", "Chest", close),
      make("div", "grid", ...this.#cells.map(({ root }) => root)),
      make("p", "", "Click takes it into your bag"),
    );
    this.root.hidden = true;
  }

  get place(): BlocksPlaceView | null {
    return this.#place;
  }

  open(place: BlocksPlaceView | null): void {
    this.#place = place;
    this.root.hidden = place === null;
  }

  update(data: Uint8Array | null): void {
    if (this.#place === null) return;
    const slots = readChestData(data);
    for (const [slot, cell] of this.#cells.entries())
      cell.show(slots[slot] ?? { item: 0, count: 0 });
  }
}

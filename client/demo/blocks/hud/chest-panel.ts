/** What is in a chest; a click takes it out, a click in the bag puts it in. */
import { CHEST_SLOTS } from "#shared/sim/index.ts";
import type {
  BlocksChestView,
  BlocksPlaceView,
  BlocksSlot,
} from "../../../sdk/blocks/blocks-session-types.ts";
import { make, makeButton } from "../../hud/make.ts";
import { SlotCell } from "./slot-cell.ts";

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

  /** What the shard tells is in it; nothing, until it tells of this one. */
  update(chest: BlocksChestView | null): void {
    const slots = contentOf(chest, this.#place);
    for (const [slot, cell] of this.#cells.entries()) cell.show(slots[slot] ?? EMPTY);
  }
}

/** The slots of the chest at a place, if that is the one that is told of. */
export function contentOf(
  chest: BlocksChestView | null,
  place: BlocksPlaceView | null,
): readonly BlocksSlot[] {
  if (chest === null || place === null) return [];
  const { x, y, layer } = chest.place;
  return x === place.x && y === place.y && layer === place.layer ? chest.slots : [];
}

const EMPTY: BlocksSlot = { item: 0, count: 0 };

/** All that one carries; two clicks change two places, and with a chest open one puts in. */
import { SLOTS } from "#shared/sim/index.ts";
import type { BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import { setText } from "../../hud/elements.ts";
import { make, makeButton } from "../../hud/make.ts";
import { HAND_PLACES, type Pockets } from "../play/pockets.ts";
import { SlotCell } from "./slot-cell.ts";

export interface BagWishes {
  /** Into the chest that is open; false when there is none. */
  readonly putIn: (slot: number) => boolean;
  /** Onto the ground. */
  readonly drop: (slot: number) => void;
}

export class BagPanel {
  readonly root: HTMLElement;
  readonly #words = make("p", "");
  readonly #pockets: Pockets;
  readonly #wishes: BagWishes;
  readonly #cells: readonly SlotCell[];
  #taken: number | null = null;
  #inventory: readonly BlocksSlot[] = [];

  constructor(pockets: Pockets, wishes: BagWishes & { readonly close: () => void }) {
    this.#pockets = pockets;
    this.#wishes = wishes;
    this.#cells = Array.from({ length: SLOTS }, (_, place) => this.#createCell(place));
    const rows = this.#cells.map(({ root }) => root);
    const close = makeButton("close", "Close (Esc)", wishes.close);
    close.append("×");
    this.root = make(
      "section",
      "panel bag",
      make("h2", "", "Bag", close),
      make("div", "grid", ...rows.slice(HAND_PLACES)),
      make("div", "grid at-hand", ...rows.slice(0, HAND_PLACES)),
      this.#words,
    );
    this.root.hidden = true;
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  /** With a chest a click puts in. */
  open(isOpen: boolean, withChest = false): void {
    this.root.hidden = !isOpen;
    const click = withChest ? "Click puts into the chest" : "Click two places to swap them";
    setText(this.#words, `${click} · right-click puts it down`);
    this.#taken = null;
  }

  update(inventory: readonly BlocksSlot[]): void {
    this.#inventory = inventory;
    if (!this.isOpen) return;
    for (const [place, cell] of this.#cells.entries()) {
      cell.show(this.#pockets.at(inventory, place), place === this.#taken);
    }
  }

  #createCell(place: number): SlotCell {
    const cell = new SlotCell(() => this.#onClick(place), place < 9 ? String(place + 1) : "");
    cell.root.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      if (this.#pockets.at(this.#inventory, place).count === 0) return;
      this.#wishes.drop(this.#pockets.slotAt(place));
    });
    return cell;
  }

  #onClick(place: number): void {
    const { count } = this.#pockets.at(this.#inventory, place);
    if (this.#taken === null) {
      if (count === 0) return;
      if (!this.#wishes.putIn(this.#pockets.slotAt(place))) this.#taken = place;
      return;
    }
    this.#pockets.swap(this.#taken, place);
    this.#taken = null;
  }
}

/** What is at hand: nine places, the chosen one, and the layer in which one works. */
import type { BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import { setText } from "../../hud/elements.ts";
import { make, makeButton } from "../../hud/make.ts";
import { HAND_PLACES, type Pockets } from "../play/pockets.ts";
import { LAYER_LOOKS } from "../play/show-aim.ts";
import { SlotCell, titleOf } from "./slot-cell.ts";

/** Seconds for which the name of what was taken into the hand is shown. */
const NAME_SECONDS = 2.2;

export class HandBar {
  readonly root: HTMLElement;
  readonly #pockets: Pockets;
  readonly #cells: readonly SlotCell[];
  readonly #name = make("p", "hand-name");
  readonly #layers: readonly HTMLButtonElement[];
  #named = "";
  #nameSeconds = 0;

  constructor(
    pockets: Pockets,
    wishes: { readonly chooseLayer: (layer: number) => void; readonly toggleBag: () => void },
  ) {
    this.#pockets = pockets;
    this.#cells = Array.from({ length: HAND_PLACES }, (_, place) => {
      return new SlotCell(() => pockets.choose(place), String(place + 1));
    });
    this.#layers = LAYER_LOOKS.map(({ name, colour }, layer) => {
      const button = makeButton("layer", `Work on: ${name} (Q)`, () => wishes.chooseLayer(layer));
      button.style.setProperty("--layer", colour);
      button.append(make("i", ""), name);
      return button;
    });
    const layers = make("div", "layers", ...[...this.#layers].reverse());
    const bag = makeButton("bag-button", "Bag (I)", wishes.toggleBag);
    bag.append("Bag");
    const cells = make("div", "hand-cells", ...this.#cells.map(({ root }) => root));
    this.root = make("div", "hand-bar", this.#name, layers, cells, bag);
  }

  update(inventory: readonly BlocksSlot[], layer: number, dt: number): void {
    for (const [place, cell] of this.#cells.entries()) {
      cell.show(this.#pockets.at(inventory, place), place === this.#pockets.place);
    }
    for (const [index, button] of this.#layers.entries()) {
      button.classList.toggle("marked", index === layer);
    }
    const { item, count } = this.#pockets.inHand(inventory);
    const name = count === 0 ? "" : titleOf(item);
    if (name !== this.#named) {
      this.#named = name;
      this.#nameSeconds = NAME_SECONDS;
      setText(this.#name, name);
    }
    this.#nameSeconds -= dt;
    this.#name.classList.toggle("shown", this.#nameSeconds > 0 && name !== "");
  }
}

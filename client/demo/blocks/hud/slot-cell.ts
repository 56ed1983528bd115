import type { BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import { makeButton } from "../../hud/make.ts";
import { itemIcon } from "../items/item-icon.ts";
import { itemLook } from "../items/item-look.ts";

/** A slot on the page: its item's picture and how many; writes only what changed. */
export class SlotCell {
  readonly root: HTMLButtonElement;
  readonly #picture = document.createElement("img");
  readonly #count = document.createElement("b");
  #item = -1;

  constructor(onClick: (event: MouseEvent) => void, label = "") {
    this.root = makeButton("slot", "Empty", onClick);
    this.#picture.alt = "";
    this.#picture.draggable = false;
    this.root.append(this.#picture, this.#count);
    if (label !== "") this.root.dataset.label = label;
  }

  show({ item, count }: BlocksSlot, marked = false): void {
    this.root.classList.toggle("marked", marked);
    if (this.#count.textContent !== countText(count)) this.#count.textContent = countText(count);
    const shown = count === 0 ? 0 : item;
    if (shown === this.#item) return;
    this.#item = shown;
    this.#picture.hidden = shown === 0;
    if (shown !== 0) this.#picture.src = itemIcon(shown);
    const title = shown === 0 ? "Empty" : titleOf(shown);
    this.root.title = title;
    this.root.setAttribute("aria-label", title);
  }
}

/** An item's name and what it is good for. */
export function titleOf(item: number): string {
  const { name, hint } = itemLook(item);
  return hint === "" ? name : `${name} · ${hint}`;
}

function countText(count: number): string {
  return count > 1 ? String(count) : "";
}

/** What a trader sells, for coins. */
import { Item, WARES } from "#shared/sim/index.ts";
import type { BlocksSlot } from "../../../sdk/blocks/blocks-session-types.ts";
import { setText } from "../../hud/elements.ts";
import { make, makeButton } from "../../hud/make.ts";
import { itemIcon } from "../items/item-icon.ts";
import { itemLook } from "../items/item-look.ts";

export class TradePanel {
  readonly root: HTMLElement;
  readonly #purse = make("b", "purse");
  readonly #buttons: readonly HTMLButtonElement[];
  #trader: number | null = null;

  constructor(wishes: {
    readonly buy: (trader: number, choice: number) => void;
    readonly close: () => void;
  }) {
    const offers = WARES.map(({ item, count, price }, index) => {
      const { name, hint } = itemLook(item);
      const button = makeButton("offer", `Buy ${count} × ${name} for ${price} coins`, () => {
        if (this.#trader !== null) wishes.buy(this.#trader, index + 1);
      });
      button.append(
        picture(item),
        make("span", "", make("b", "", `${count > 1 ? `${count} ` : ""}${name}`), hint),
        make("em", "", String(price), picture(Item.Coin)),
      );
      return button;
    });
    this.#buttons = offers;
    const close = makeButton("close", "Close (Esc)", wishes.close);
    close.append("×");
    this.root = make(
      "section",
      "panel trade",
      make("h2", "", "Trader", this.#purse, close),
      make("div", "offers", ...offers),
    );
    this.root.hidden = true;
  }

  get trader(): number | null {
    return this.#trader;
  }

  open(trader: number | null): void {
    this.#trader = trader;
    this.root.hidden = trader === null;
  }

  update(inventory: readonly BlocksSlot[]): void {
    if (this.#trader === null) return;
    let coins = 0;
    for (const { item, count } of inventory) if (item === Item.Coin) coins += count;
    setText(this.#purse, coins === 1 ? "You have 1 coin" : `You have ${coins} coins`);
    for (const [index, button] of this.#buttons.entries()) {
      button.disabled = coins < (WARES[index]?.price ?? 0);
    }
  }
}

function picture(item: number): HTMLImageElement {
  const made = document.createElement("img");
  made.src = itemIcon(item);
  made.alt = "";
  return made;
}

/** What one sees while one lies dead: by whom, what becomes of the bag, and the way back. */
import { element, setText } from "../../hud/elements.ts";
import { make } from "../../hud/make.ts";

export interface FallenState {
  readonly isDead: boolean;
  /** The way back was asked for, and the shard has not answered yet. */
  readonly isRising: boolean;
  /** Who did it, in words; null when nobody knows. */
  readonly killer: string | null;
}

export class FallenPanel {
  /** Takes the colour out of the picture. */
  readonly veil = make("div", "veil");
  readonly #root = element("fallen", HTMLElement);
  readonly #text = element("fallen-text", HTMLElement);
  readonly #button = element("fallen-action", HTMLButtonElement);

  constructor(wishes: { readonly respawn: () => void }) {
    this.veil.hidden = true;
    this.#button.hidden = false;
    this.#button.addEventListener("click", wishes.respawn);
  }

  update({ isDead, isRising, killer }: FallenState): void {
    this.#root.hidden = !isDead;
    this.veil.hidden = !isDead;
    if (!isDead) return;
    setText(this.#text, fallenText(killer));
    setText(this.#button, isRising ? "Rising…" : "R · Rise again");
    this.#button.disabled = isRising;
  }
}

/** Words for a death. */
export function fallenText(killer: string | null): string {
  const by = killer === null ? "" : `${killer} was stronger. `;
  return `${by}Your bag stays yours: you rise unhurt where everybody begins.`;
}

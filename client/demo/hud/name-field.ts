/** The own name, changed where it is shown. */
import { element } from "./elements.ts";

/** A name as the server will take it: trimmed, single spaces. */
export function tidyName(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

export class NameField {
  readonly #input = element("name", HTMLInputElement);
  readonly #problem = element("name-problem", HTMLElement);
  #shown = "";

  /** `rename` rejects with a message for people when the name is refused. */
  constructor(rename: (name: string) => Promise<void>) {
    element("name-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#input.blur();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#input.value = this.#shown;
      this.#input.blur();
    });
    this.#input.addEventListener("blur", () => void this.#commit(rename));
  }

  /** Shows the name that counts. */
  show(name: string): void {
    this.#shown = name;
    this.#input.disabled = false;
    if (document.activeElement !== this.#input) this.#input.value = name;
  }

  async #commit(rename: (name: string) => Promise<void>): Promise<void> {
    const name = tidyName(this.#input.value);
    this.#problem.hidden = true;
    if (name === "" || name === this.#shown) {
      this.#input.value = this.#shown;
      return;
    }
    try {
      await rename(name);
      this.show(name);
    } catch (error) {
      this.#input.value = this.#shown;
      this.#problem.textContent = error instanceof Error ? error.message : String(error);
      this.#problem.hidden = false;
    }
  }
}

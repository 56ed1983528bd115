/** The own name, changed where it is shown. */
import { element } from "./elements.ts";
import { OwnName } from "./own-name.ts";

/** A name as the server will take it: trimmed, single spaces. */
export function tidyName(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

export class NameField {
  readonly #input = element("name", HTMLInputElement);
  readonly #problem = element("name-problem", HTMLElement);
  readonly #name: OwnName;

  /** `rename` rejects with a message for people when the name is refused. */
  constructor(rename: (name: string) => Promise<void>) {
    this.#name = new OwnName(rename, {
      taken: () => this.#put(),
      refused: (message) => {
        this.#put();
        this.#problem.textContent = message;
        this.#problem.hidden = false;
      },
    });
    element("name-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#input.blur();
    });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.#input.value = this.#name.current;
      this.#input.blur();
    });
    this.#input.addEventListener("blur", () => {
      this.#problem.hidden = true;
      const name = tidyName(this.#input.value);
      if (name === "") this.#put();
      else void this.#name.want(name);
    });
  }

  /** Shows the name that counts. */
  show(name: string): void {
    this.#name.know(name);
    this.#input.disabled = false;
    this.#put();
  }

  /** Not over what is being typed. */
  #put(): void {
    if (document.activeElement !== this.#input) this.#input.value = this.#name.current;
  }
}

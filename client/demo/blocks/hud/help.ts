import { element } from "../../hud/elements.ts";

/** Seconds of play after which the help has been read. */
const HELP_SECONDS = 30;

/** Which keys do what: shown to who begins, and to who asks with H. */
export class Help {
  readonly #root = element("help", HTMLElement);
  #seconds = 0;

  advance(dt: number): void {
    const before = this.#seconds;
    this.#seconds += dt;
    if (before <= HELP_SECONDS && this.#seconds > HELP_SECONDS) this.#show(false);
  }

  toggle(): void {
    this.#show(this.#root.classList.contains("done"));
    this.#seconds = Number.POSITIVE_INFINITY;
  }

  #show(isShown: boolean): void {
    this.#root.classList.toggle("done", !isShown);
    // Small windows show it to nobody else.
    this.#root.classList.toggle("asked", isShown);
  }
}

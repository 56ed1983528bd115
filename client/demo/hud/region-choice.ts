/** In which region one plays, and the way into another one. */
import type { RegionWay } from "../regions/region-ways.ts";
import { element, setText } from "./elements.ts";
import { make } from "./make.ts";

export interface RegionWishes {
  readonly choose: (region: string) => void;
  /** It is about to be looked at. */
  readonly look: () => void;
}

export class RegionChoice {
  readonly #select = element("region", HTMLSelectElement);
  #ways: readonly RegionWay[] = [];
  #here = "";

  constructor(wishes: RegionWishes) {
    this.#select.addEventListener("change", () => {
      const { value } = this.#select;
      // Keys are for walking again.
      this.#select.blur();
      if (value !== this.#here) wishes.choose(value);
    });
    // Its letters would find an option: who opened it and goes on walks west, not to America.
    this.#select.addEventListener("keydown", (event) => {
      if (event.key.length !== 1 || event.key === " ") return;
      event.preventDefault();
      this.#select.blur();
    });
    for (const name of ["pointerenter", "focus"] as const) {
      this.#select.addEventListener(name, wishes.look);
    }
  }

  /** Where one is; empty while that is unknown. */
  showHere(region: string): void {
    if (region === this.#here) return;
    this.#here = region;
    this.#show();
  }

  showWays(ways: readonly RegionWay[]): void {
    this.#ways = ways;
    this.#show();
  }

  #show(): void {
    const here = this.#here;
    const known = this.#ways.some(({ region }) => region === here);
    const alone = { region: here, title: here, online: true, rttMs: null };
    const ways = known || here === "" ? this.#ways : [alone, ...this.#ways];
    // Options are kept while the list is the same: an open list closes when they are replaced.
    const options = [...this.#select.options];
    const isSame = ways.map(({ region }) => region).join() === options.map((o) => o.value).join();
    if (!isSame) this.#select.replaceChildren(...ways.map(createOption));
    for (const [index, way] of ways.entries()) {
      const option = this.#select.options[index];
      if (option === undefined) continue;
      setText(option, wordsOf(way, way.region === here));
      option.disabled = !way.online && way.region !== here;
    }
    this.#select.disabled = here === "";
    this.#select.value = here;
    const hint = "The land is the same in all regions; a bag stays in its own.";
    this.#select.title = `You play in ${here}. ${hint}`;
  }
}

function createOption({ region }: RegionWay): HTMLOptionElement {
  const option = make("option", "");
  option.value = region;
  return option;
}

/** `America (Virginia) · ≈ 90 ms`; the way to where one is stands elsewhere. */
export function wordsOf({ title, online, rttMs }: RegionWay, isHere: boolean): string {
  if (isHere) return title;
  if (!online) return `${title} · away`;
  return rttMs === null ? title : `${title} · ≈ ${Math.max(1, Math.round(rttMs))} ms`;
}

import { type Direction, STANDING } from "./direction.ts";

/** Ways that keys walk, in every world. */
export type Walk = "left" | "right" | "up" | "down";

/** Keys that walk, by their place on the keyboard, so that WASD works on every layout. */
export const WALK_KEYS: Readonly<Record<string, Walk>> = {
  KeyA: "left",
  ArrowLeft: "left",
  KeyD: "right",
  ArrowRight: "right",
  KeyW: "up",
  ArrowUp: "up",
  KeyS: "down",
  ArrowDown: "down",
};

/** Which keys are held or were pressed, as directions and as what they mean. */
export class HeldKeys<Meaning extends string> {
  readonly #keys: Readonly<Record<string, Meaning | Walk>>;
  readonly #held = new Set<string>();
  readonly #pressed = new Set<string>();

  constructor(keys: Readonly<Record<string, Meaning>>) {
    this.#keys = { ...WALK_KEYS, ...keys };
  }

  /** True when the key means something here. */
  press(code: string): boolean {
    const meaning = this.#keys[code];
    if (meaning === undefined) return false;
    if (!this.#held.has(code)) this.#pressed.add(meaning);
    this.#held.add(code);
    return true;
  }

  release(code: string): void {
    this.#held.delete(code);
  }

  /** Lets go of everything, e.g. when the window loses the keyboard. */
  clear(): void {
    this.#held.clear();
    this.#pressed.clear();
  }

  get direction(): Direction {
    const dx = Number(this.holds("right")) - Number(this.holds("left"));
    const dy = Number(this.holds("down")) - Number(this.holds("up"));
    return dx === 0 && dy === 0 ? STANDING : { dx, dy };
  }

  /** Whether a key of this meaning was pressed since the last call; held ones count once. */
  take(meaning: Meaning): boolean {
    return this.#pressed.delete(meaning);
  }

  holds(meaning: Meaning | Walk): boolean {
    for (const code of this.#held) {
      if (this.#keys[code] === meaning) return true;
    }
    return false;
  }
}

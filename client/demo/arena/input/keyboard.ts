import { type Direction, STANDING } from "../../input/direction.ts";

type Meaning = "left" | "right" | "up" | "down" | "attack" | "respawn" | "give";

/** Keys by their place on the keyboard, so that WASD works on every layout. */
const KEYS: Readonly<Record<string, Meaning>> = {
  KeyA: "left",
  ArrowLeft: "left",
  KeyD: "right",
  ArrowRight: "right",
  KeyW: "up",
  ArrowUp: "up",
  KeyS: "down",
  ArrowDown: "down",
  Space: "attack",
  KeyR: "respawn",
  KeyG: "give",
};

/** Which keys are held or were pressed, as directions and actions. */
export class Keyboard {
  readonly #held = new Set<string>();
  readonly #pressed = new Set<Meaning>();

  /** True when the key means something here. */
  press(code: string): boolean {
    const meaning = KEYS[code];
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
    const dx = Number(this.#holds("right")) - Number(this.#holds("left"));
    const dy = Number(this.#holds("down")) - Number(this.#holds("up"));
    return dx === 0 && dy === 0 ? STANDING : { dx, dy };
  }

  /** Whether to strike: held, or pressed since the last call. */
  takeAttack(): boolean {
    return this.take("attack") || this.#holds("attack");
  }

  /** Whether a key of this meaning was pressed since the last call; held ones count once. */
  take(meaning: Meaning): boolean {
    return this.#pressed.delete(meaning);
  }

  #holds(meaning: Meaning): boolean {
    for (const code of this.#held) {
      if (KEYS[code] === meaning) return true;
    }
    return false;
  }
}

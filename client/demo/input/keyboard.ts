import { type Direction, STANDING } from "./direction.ts";

/** Keys by their place on the keyboard, so that WASD works on every layout. */
const KEYS: Readonly<Record<string, "left" | "right" | "up" | "down" | "attack">> = {
  KeyA: "left",
  ArrowLeft: "left",
  KeyD: "right",
  ArrowRight: "right",
  KeyW: "up",
  ArrowUp: "up",
  KeyS: "down",
  ArrowDown: "down",
  Space: "attack",
};

/** Which keys are held, as directions and an attack. */
export class Keyboard {
  readonly #held = new Set<string>();
  #attackPressed = false;

  /** True when the key means something here. */
  press(code: string): boolean {
    const meaning = KEYS[code];
    if (meaning === undefined) return false;
    if (meaning === "attack" && !this.#held.has(code)) this.#attackPressed = true;
    this.#held.add(code);
    return true;
  }

  release(code: string): void {
    this.#held.delete(code);
  }

  /** Lets go of everything, e.g. when the window loses the keyboard. */
  clear(): void {
    this.#held.clear();
    this.#attackPressed = false;
  }

  get direction(): Direction {
    const dx = Number(this.#holds("right")) - Number(this.#holds("left"));
    const dy = Number(this.#holds("down")) - Number(this.#holds("up"));
    return dx === 0 && dy === 0 ? STANDING : { dx, dy };
  }

  /** Whether to strike: held, or pressed since the last call. */
  takeAttack(): boolean {
    const attack = this.#attackPressed || this.#holds("attack");
    this.#attackPressed = false;
    return attack;
  }

  #holds(meaning: string): boolean {
    for (const code of this.#held) {
      if (KEYS[code] === meaning) return true;
    }
    return false;
  }
}

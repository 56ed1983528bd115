import { type Direction, directionOf, STANDING } from "./direction.ts";

/** Milliseconds after which a held button walks; shorter is a click and strikes. */
export const CLICK_MS_MAX = 180;
/** Units around the player in which the pointer means "stay". */
const DEAD_ZONE = 14;

/** A point of the ground relative to the own player, in units. */
export interface GroundPoint {
  readonly x: number;
  readonly y: number;
}

/** The mouse: hold to walk there, click or right button to strike that way. */
export class Pointer {
  #pressedMs: number | null = null;
  #striking = false;
  #strikePressed = false;

  press(button: number, nowMs: number): void {
    if (button === 2) {
      this.#striking = true;
      this.#strikePressed = true;
    } else if (button === 0) {
      this.#pressedMs = nowMs;
    }
  }

  release(button: number, nowMs: number): void {
    if (button === 2) this.#striking = false;
    if (button !== 0 || this.#pressedMs === null) return;
    if (nowMs - this.#pressedMs < CLICK_MS_MAX) this.#strikePressed = true;
    this.#pressedMs = null;
  }

  clear(): void {
    this.#pressedMs = null;
    this.#striking = false;
    this.#strikePressed = false;
  }

  /** Where to walk while the button is held. */
  direction(nowMs: number, target: GroundPoint): Direction {
    const walking = this.#pressedMs !== null && nowMs - this.#pressedMs >= CLICK_MS_MAX;
    return walking ? directionOf(target.x, target.y, DEAD_ZONE) : STANDING;
  }

  /** Whether to strike: held, or clicked since the last call. */
  takeAttack(): boolean {
    const attack = this.#strikePressed || this.#striking;
    this.#strikePressed = false;
    return attack;
  }
}

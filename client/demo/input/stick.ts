import { type Direction, directionOf, STANDING } from "./direction.ts";

/** CSS pixels from the middle of the stick to its rim. */
export const STICK_RADIUS = 52;
const DEAD_ZONE = 12;

/** A virtual stick that appears where a thumb comes down. */
export class Stick {
  #pointerId: number | null = null;
  #fromX = 0;
  #fromY = 0;
  #x = 0;
  #y = 0;

  get held(): boolean {
    return this.#pointerId !== null;
  }

  /** Where the thumb came down; CSS pixels. */
  get base(): { x: number; y: number } {
    return { x: this.#fromX, y: this.#fromY };
  }

  /** Where the knob is relative to the base, at most on the rim. */
  get knob(): { x: number; y: number } {
    const length = Math.hypot(this.#x, this.#y);
    const part = length > STICK_RADIUS ? STICK_RADIUS / length : 1;
    return { x: this.#x * part, y: this.#y * part };
  }

  /** True when the stick takes this finger. */
  press(pointerId: number, x: number, y: number): boolean {
    if (this.held) return false;
    this.#pointerId = pointerId;
    this.#fromX = x;
    this.#fromY = y;
    this.#x = 0;
    this.#y = 0;
    return true;
  }

  move(pointerId: number, x: number, y: number): void {
    if (pointerId !== this.#pointerId) return;
    this.#x = x - this.#fromX;
    this.#y = y - this.#fromY;
  }

  release(pointerId: number): void {
    if (pointerId === this.#pointerId) this.clear();
  }

  clear(): void {
    this.#pointerId = null;
    this.#x = 0;
    this.#y = 0;
  }

  get direction(): Direction {
    return this.held ? directionOf(this.#x, this.#y, DEAD_ZONE) : STANDING;
  }
}

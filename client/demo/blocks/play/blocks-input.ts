/** Keys, mouse and touch in a world of blocks, as what one wants in a frame. */
import type { Direction } from "../../input/direction.ts";
import { HeldKeys } from "../../input/held-keys.ts";
import { showStick } from "../../input/show-stick.ts";
import { Stick } from "../../input/stick.ts";
import { isButton, isTyping } from "../../input/typing.ts";

/** What keys mean here, beside walking. */
export type BlocksKey =
  | "strike"
  | "use"
  | "consume"
  | "layer"
  | "bag"
  | "drop"
  | "respawn"
  | "wave"
  | "help"
  | "close"
  | `place${number}`;

const KEYS: Readonly<Record<string, BlocksKey>> = {
  Space: "strike",
  KeyE: "use",
  KeyF: "consume",
  KeyQ: "layer",
  KeyI: "bag",
  KeyB: "bag",
  KeyX: "drop",
  KeyR: "respawn",
  KeyT: "wave",
  KeyH: "help",
  Escape: "close",
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, place) => [`Digit${place + 1}`, `place${place}` as const]),
  ),
};

export interface BlocksInputElements {
  /** Where mouse and touch work. */
  readonly area: HTMLElement;
  readonly stick: HTMLElement;
  readonly knob: HTMLElement;
  readonly attackButton: HTMLElement;
}

/** A point of the window, in CSS pixels. */
export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

export class BlocksInput {
  readonly keys = new HeldKeys<BlocksKey>(KEYS);
  /** Where the mouse is; null before it was seen, and over panels. */
  pointer: ScreenPoint | null = null;
  /** The left button, or a finger that rests on a block, is held. */
  primary = false;
  secondary = false;
  readonly #elements: BlocksInputElements;
  readonly #stick = new Stick();
  #tap: ScreenPoint | null = null;
  #pressed = false;
  #wheel = 0;
  #layerWheel = 0;

  constructor(elements: BlocksInputElements) {
    this.#elements = elements;
    this.#listenToKeys();
    this.#listenToPointer();
    this.#listenToButton();
  }

  /** The first one that is not standing counts. */
  get directions(): readonly Direction[] {
    return [this.keys.direction, this.#stick.direction];
  }

  /** Whether the left button went down since the last call. */
  takePress(): boolean {
    const pressed = this.#pressed;
    this.#pressed = false;
    return pressed;
  }

  /** Where a finger tapped since the last call. */
  takeTap(): ScreenPoint | null {
    const tap = this.#tap;
    this.#tap = null;
    return tap;
  }

  /** Steps of the wheel since the last call: over places, and over layers with Shift. */
  takeWheel(): { readonly places: number; readonly layers: number } {
    const turned = { places: Math.trunc(this.#wheel), layers: Math.trunc(this.#layerWheel) };
    this.#wheel -= turned.places;
    this.#layerWheel -= turned.layers;
    return turned;
  }

  #listenToKeys(): void {
    window.addEventListener("keydown", (event) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isButton(event.target) && event.code === "Space") return;
      if (this.keys.press(event.code)) event.preventDefault();
    });
    window.addEventListener("keyup", (event) => this.keys.release(event.code));
    const letGo = () => {
      this.keys.clear();
      this.#stick.clear();
      this.primary = false;
      this.secondary = false;
      this.#showStick();
    };
    window.addEventListener("blur", letGo);
    document.addEventListener("visibilitychange", letGo);
  }

  #listenToPointer(): void {
    const { area } = this.#elements;
    area.addEventListener("contextmenu", (event) => event.preventDefault());
    area.addEventListener("pointerdown", (event) => this.#press(event));
    area.addEventListener("pointermove", (event) => this.#track(event));
    area.addEventListener("pointerleave", () => {
      this.pointer = null;
    });
    const end = (event: PointerEvent) => {
      if (event.button === 2) this.secondary = false;
      else this.primary = false;
      this.#stick.release(event.pointerId);
      this.#showStick();
    };
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
    area.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const turned = Math.sign(event.deltaY || event.deltaX);
        if (event.shiftKey) this.#layerWheel -= turned;
        else this.#wheel += turned;
      },
      { passive: false },
    );
  }

  #press(event: PointerEvent): void {
    const { area } = this.#elements;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    area.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    if (event.pointerType === "mouse") {
      this.pointer = { x, y };
      if (event.button === 2) this.secondary = true;
      else if (event.button === 0) {
        this.primary = true;
        this.#pressed = true;
      }
      return;
    }
    document.documentElement.dataset.touch = "true";
    // The lower left is for walking, everything else is pointed at.
    const walks = x < window.innerWidth * 0.42 && y > window.innerHeight * 0.4;
    if (walks && this.#stick.press(event.pointerId, x, y)) this.#showStick();
    else {
      this.pointer = { x, y };
      this.#tap = { x, y };
      this.primary = true;
    }
  }

  #track(event: PointerEvent): void {
    if (event.pointerType === "mouse") this.pointer = { x: event.clientX, y: event.clientY };
    else {
      this.#stick.move(event.pointerId, event.clientX, event.clientY);
      this.#showStick();
    }
  }

  #listenToButton(): void {
    const { attackButton } = this.#elements;
    attackButton.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      attackButton.setPointerCapture(event.pointerId);
      this.keys.press("Space");
    });
    const end = () => this.keys.release("Space");
    attackButton.addEventListener("pointerup", end);
    attackButton.addEventListener("pointercancel", end);
    attackButton.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #showStick(): void {
    showStick(this.#stick, this.#elements);
  }
}

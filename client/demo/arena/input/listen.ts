/** Connects the window's events to keyboard, mouse and touch. */
import type { Clock } from "#shared/time/clock.ts";
import { type GroundPoint, Pointer } from "../../input/pointer.ts";
import { showStick } from "../../input/show-stick.ts";
import { Stick } from "../../input/stick.ts";
import { isButton, isTyping } from "../../input/typing.ts";
import type { CreditWish } from "../credits.ts";
import { Keyboard } from "./keyboard.ts";
import type { Wish } from "./player-control.ts";

export interface InputElements {
  /** Where the mouse and the stick work. */
  readonly area: HTMLElement;
  readonly stick: HTMLElement;
  readonly knob: HTMLElement;
  readonly attackButton: HTMLElement;
}

/** All that a player can use. */
export class PlayerInput {
  readonly #keyboard = new Keyboard();
  readonly #pointer = new Pointer();
  readonly #stick = new Stick();
  readonly #elements: InputElements;
  readonly #clock: Clock;
  #mouseX = 0;
  #mouseY = 0;
  #touchAttack = false;
  #touchPressed = false;

  constructor(elements: InputElements, clock: Clock) {
    this.#elements = elements;
    this.#clock = clock;
    this.#listenToKeys();
    this.#listenToPointer();
    this.#listenToAttackButton();
  }

  /** What is wanted now; `groundAt` maps the window to the ground around the player. */
  read(groundAt: (x: number, y: number) => GroundPoint): Wish & CreditWish {
    const target = groundAt(this.#mouseX, this.#mouseY);
    const mouse = this.#pointer.takeAttack();
    const keys = this.#keyboard.takeAttack();
    const touch = this.#touchPressed || this.#touchAttack;
    this.#touchPressed = false;
    const walk = this.#pointer.direction(this.#clock.monotonicMs(), target);
    return {
      directions: [this.#keyboard.direction, this.#stick.direction, walk],
      attack: mouse || keys || touch,
      faceRight: mouse && Math.abs(target.x) > 3 ? target.x > 0 : null,
      respawn: this.#keyboard.take("respawn"),
      give: this.#keyboard.take("give"),
    };
  }

  #listenToKeys(): void {
    window.addEventListener("keydown", (event) => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isButton(event.target) && event.code === "Space") return;
      if (this.#keyboard.press(event.code)) event.preventDefault();
    });
    window.addEventListener("keyup", (event) => this.#keyboard.release(event.code));
    const letGo = () => {
      this.#keyboard.clear();
      this.#pointer.clear();
      this.#stick.clear();
      this.#touchAttack = false;
      this.#showStick();
    };
    window.addEventListener("blur", letGo);
    document.addEventListener("visibilitychange", letGo);
  }

  #listenToPointer(): void {
    const { area } = this.#elements;
    area.addEventListener("contextmenu", (event) => event.preventDefault());
    area.addEventListener("pointerdown", (event) => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      if (event.pointerType === "mouse") {
        this.#pointer.press(event.button, this.#clock.monotonicMs());
      } else if (!this.#stick.press(event.pointerId, event.clientX, event.clientY)) {
        // A second finger anywhere strikes.
        this.#touchPressed = true;
      }
      area.setPointerCapture(event.pointerId);
      this.#track(event);
    });
    area.addEventListener("pointermove", (event) => this.#track(event));
    const end = (event: PointerEvent) => {
      if (event.pointerType === "mouse") {
        this.#pointer.release(event.button, this.#clock.monotonicMs());
      }
      this.#stick.release(event.pointerId);
      this.#showStick();
    };
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
  }

  #track(event: PointerEvent): void {
    if (event.pointerType === "mouse") {
      this.#mouseX = event.clientX;
      this.#mouseY = event.clientY;
      return;
    }
    document.documentElement.dataset.touch = "true";
    this.#stick.move(event.pointerId, event.clientX, event.clientY);
    this.#showStick();
  }

  #showStick(): void {
    showStick(this.#stick, this.#elements);
  }

  #listenToAttackButton(): void {
    const { attackButton } = this.#elements;
    attackButton.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      attackButton.setPointerCapture(event.pointerId);
      this.#touchAttack = true;
      this.#touchPressed = true;
    });
    const end = () => {
      this.#touchAttack = false;
    };
    attackButton.addEventListener("pointerup", end);
    attackButton.addEventListener("pointercancel", end);
    attackButton.addEventListener("contextmenu", (event) => event.preventDefault());
  }
}

import type { Stick } from "./stick.ts";

/** Places the stick's picture where the thumb is, or back where it rests. */
export function showStick(
  stick: Stick,
  elements: { readonly stick: HTMLElement; readonly knob: HTMLElement },
): void {
  const { style, classList } = elements.stick;
  classList.toggle("held", stick.held);
  if (stick.held) {
    style.left = `${stick.base.x}px`;
    style.top = `${stick.base.y}px`;
  } else {
    style.removeProperty("left");
    style.removeProperty("top");
  }
  elements.knob.style.transform = `translate(${stick.knob.x}px, ${stick.knob.y}px)`;
}

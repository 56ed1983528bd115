/** Whether keys are letters there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** Whether the space bar presses it. */
export function isButton(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement;
}

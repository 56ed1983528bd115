/** What was said, the newest last: all of it while one talks, else only what is fresh. */

/** Lines kept. */
const LINES_MAX = 80;
/** Seconds for which a line is shown while nobody talks, the last of which it fades. */
const FRESH_SECONDS = 14;
const FADE_SECONDS = 2;

/** A line as it is shown. */
export interface ShownLine {
  /** Decides its colour: a channel, or `problem` for what concerns the player alone. */
  readonly kind: string;
  /** Where it was said, in a word; empty says nothing. */
  readonly tag: string;
  readonly name: string;
  readonly text: string;
  /** When one asks for the speaker. */
  readonly onName?: (() => void) | undefined;
}

interface Kept {
  readonly element: HTMLElement;
  seconds: number;
}

export class ChatLog {
  readonly #list: HTMLElement;
  readonly #kept: Kept[] = [];
  #isOpen = false;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** Everything that is kept, to be scrolled, or what is fresh. */
  set open(isOpen: boolean) {
    this.#isOpen = isOpen;
    for (const kept of this.#kept) this.#fade(kept);
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  add(line: ShownLine): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 24;
    const element = toElement(line);
    this.#list.append(element);
    this.#kept.push({ element, seconds: 0 });
    if (this.#kept.length > LINES_MAX) this.#kept.shift()?.element.remove();
    if (isAtEnd || !this.#isOpen) this.#list.scrollTop = this.#list.scrollHeight;
  }

  advance(dt: number): void {
    for (const kept of this.#kept) {
      const before = kept.seconds;
      kept.seconds += dt;
      if (before < FRESH_SECONDS) this.#fade(kept);
    }
  }

  #fade({ element, seconds }: Kept): void {
    const left = this.#isOpen ? FADE_SECONDS : FRESH_SECONDS - seconds;
    const opacity = Math.min(1, Math.max(0, left / FADE_SECONDS));
    const text = opacity === 1 ? "" : opacity.toFixed(2);
    if (element.style.opacity !== text) element.style.opacity = text;
    element.hidden = opacity === 0;
  }
}

function toElement({ kind, tag, name, text, onName }: ShownLine): HTMLElement {
  const line = document.createElement("li");
  line.dataset.kind = kind;
  if (tag !== "") line.append(part("i", tag), " ");
  if (name !== "") {
    const speaker = part("b", name);
    if (onName !== undefined) {
      speaker.addEventListener("click", onName);
      speaker.title = `Write to ${name}`;
    }
    line.append(speaker, " ");
  }
  line.append(part("span", text));
  return line;
}

function part(kind: "b" | "i" | "span", text: string): HTMLElement {
  const made = document.createElement(kind);
  // The name's and the text's own direction says nothing about what stands beside them.
  made.dir = "auto";
  made.textContent = text;
  return made;
}

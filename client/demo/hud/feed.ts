/** Who felled whom, for a few seconds. */

const LINES_MAX = 4;
const LINE_SECONDS = 5;

interface FeedLine {
  readonly line: HTMLElement;
  seconds: number;
}

export class Feed {
  readonly #list: HTMLElement;
  readonly #lines: FeedLine[] = [];

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  add(text: string, mine: boolean): void {
    const line = document.createElement("li");
    line.textContent = text;
    line.className = mine ? "mine" : "";
    this.#list.append(line);
    this.#lines.push({ line, seconds: 0 });
    if (this.#lines.length > LINES_MAX) this.#lines.shift()?.line.remove();
  }

  advance(dt: number): void {
    for (const each of this.#lines) each.seconds += dt;
    while ((this.#lines[0]?.seconds ?? 0) > LINE_SECONDS) this.#lines.shift()?.line.remove();
  }
}

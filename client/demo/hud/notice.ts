/** The message that nobody can miss: joining, away, stopped. */
import type { ConnectionState } from "../connection.ts";
import { element, setText } from "./elements.ts";

/** What a state says. */
export interface NoticeText {
  readonly title: string;
  readonly text: string;
  /** Label of the button; none when it heals by itself. */
  readonly action: string | null;
  readonly trouble: boolean;
}

/** Being away for less is no matter for the middle of the screen: the banner says it. */
const PATIENCE_MS = 5_000;

/**
 * Words for a state; null when there is nothing to say. `isInWorld`: the world is there to be seen,
 * as it was when the connection was lost.
 */
export function noticeText(
  state: ConnectionState,
  { nowMs, isInWorld }: { nowMs: number; isInWorld: boolean },
): NoticeText | null {
  switch (state.kind) {
    case "playing":
      return null;
    case "joining":
      return { title: "Entering the world…", text: "", action: null, trouble: false };
    case "away": {
      const awayMs = nowMs - state.sinceMs;
      if (isInWorld && awayMs < PATIENCE_MS) return null;
      const seconds = Math.max(0, Math.floor(awayMs / 1000));
      if (isInWorld) {
        const title = "Connection lost. Trying again…";
        const text = `${seconds} s. You will be back where you were.`;
        return { title, text, action: null, trouble: true };
      }
      const title = "The world is not to be reached yet. Trying again…";
      const why = state.reason === undefined ? "" : ` ${state.reason}`;
      return { title, text: `${seconds} s.${why}`, action: null, trouble: true };
    }
    case "stopped":
      return { title: state.message, text: "", action: state.action, trouble: true };
  }
}

/** Shows the words over the scene. */
export class Notice {
  readonly #root = element("notice", HTMLElement);
  readonly #title = element("notice-title", HTMLElement);
  readonly #text = element("notice-text", HTMLElement);
  readonly #action = element("notice-action", HTMLButtonElement);

  constructor(onAction: () => void) {
    this.#action.addEventListener("click", onAction);
  }

  show(notice: NoticeText | null): void {
    const appeared = this.#action.hidden && notice?.action !== null && notice !== null;
    this.#root.hidden = notice === null;
    if (notice === null) return;
    this.#root.classList.toggle("trouble", notice.trouble);
    setText(this.#title, notice.title);
    setText(this.#text, notice.text);
    this.#action.hidden = notice.action === null;
    setText(this.#action, notice.action ?? "");
    const spinner = this.#root.querySelector(".spinner");
    if (spinner instanceof HTMLElement) spinner.hidden = notice.action !== null;
    if (appeared) this.#action.focus();
  }
}

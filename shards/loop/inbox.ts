import type { InboxMessage } from "./messages.ts";

/** Messages that wait for a tick; with 12,000 clients at 60 a second a tick brings 24,000. */
const INBOX_LENGTH_MAX = 65_536;

/**
 * The loop's bounded inbox. At the bound, commands are dropped and counted (the next one carries
 * on: the client reconciles); messages about connections are always kept, since there is at most a
 * handful of them for each connection and the gateway bounds those.
 */
export class Inbox {
  #messages: InboxMessage[] = [];
  #spare: InboxMessage[] = [];
  readonly #lengthMax: number;
  /** Commands, and what others said, dropped at the bound since the start. */
  droppedTotal = 0;

  constructor(lengthMax = INBOX_LENGTH_MAX) {
    this.#lengthMax = lengthMax;
  }

  get length(): number {
    return this.#messages.length;
  }

  push(message: InboxMessage): void {
    const mayBeLost = message.kind === "command" || message.kind === "said";
    if (mayBeLost && this.#messages.length >= this.#lengthMax) {
      this.droppedTotal += 1;
      return;
    }
    this.#messages.push(message);
  }

  /** All that waits, in order of arrival; valid until the next call. */
  take(): readonly InboxMessage[] {
    const taken = this.#messages;
    this.#messages = this.#spare;
    this.#messages.length = 0;
    this.#spare = taken;
    return taken;
  }
}

// What was published while the broker is away.
//
// The bound and what happens at it: 1,000 messages or 8 MiB. Then the oldest message of the lowest
// priority goes, which may be the one that just came. Whatever goes is counted by topic, and of
// priority 7 and more it is also said in the log, at most once a second: nothing of high priority
// is lost silently. What must arrive does not come here: `send` rejects instead, and whoever sent
// still has the message.

/** A message on its way out. */
export interface Outgoing {
  readonly topic: string;
  readonly bytes: Uint8Array;
  readonly priority: number;
}

export const QUEUE_LENGTH_MAX = 1_000;
const QUEUE_BYTES_MAX = 8 * 1024 * 1024;
export const PRIORITY_MAX = 9;
/** Priorities from here on are lost with a word in the log only. */
export const PRIORITY_HIGH = 7;
export const PRIORITY_USUAL = 5;

/** Waits in order of priority, then of age. */
export class OutgoingQueue {
  readonly #byPriority: Outgoing[][] = Array.from({ length: PRIORITY_MAX + 1 }, () => []);
  readonly #dropped: (message: Outgoing) => void;
  #length = 0;
  #bytes = 0;

  constructor(dropped: (message: Outgoing) => void) {
    this.#dropped = dropped;
  }

  push(message: Outgoing): void {
    this.#byPriority[message.priority]?.push(message);
    this.#length += 1;
    this.#bytes += message.bytes.length;
    while (this.#length > QUEUE_LENGTH_MAX || this.#bytes > QUEUE_BYTES_MAX) {
      const lowest = this.#byPriority.find((waiting) => waiting.length > 0)?.shift();
      if (lowest === undefined) break;
      this.#count(lowest);
      this.#dropped(lowest);
    }
  }

  /** All that waits, highest priority first; then nothing does. */
  takeAll(): Outgoing[] {
    const all = this.#byPriority.toReversed().flatMap((waiting) => waiting.splice(0));
    this.#length = 0;
    this.#bytes = 0;
    return all;
  }

  get length(): number {
    return this.#length;
  }

  #count({ bytes }: Outgoing): void {
    this.#length -= 1;
    this.#bytes -= bytes.length;
  }
}

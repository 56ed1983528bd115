import type { Wire } from "../../load/wire.ts";

/** Longer frames count as this long. */
const BYTES_MAX = 64 * 1_024;

/** How many tick frames of which size came, so that a floor can send the same. */
export class FrameSizes {
  readonly #counts = new Uint32Array(BYTES_MAX + 1);

  /** A wire that counts what it reads. */
  counted(wire: Wire): Wire {
    const counts = this.#counts;
    return {
      ...wire,
      read(message, watched, news) {
        wire.read(message, watched, news);
        if (news.kind !== "tick") return;
        const bytes = Math.min(BYTES_MAX, message.end - message.start);
        counts[bytes] = (counts[bytes] ?? 0) + 1;
      },
    };
  }

  /** Forgets what was counted. */
  reset(): void {
    this.#counts.fill(0);
  }

  /** Sizes that came, ascending, with how often. */
  list(): { readonly bytes: number; readonly count: number }[] {
    return [...this.#counts.entries()].flatMap(([bytes, count]) =>
      count === 0 ? [] : [{ bytes, count }],
    );
  }
}

import { CLOSE } from "#shared/net/protocol.ts";

/** Wait before the first attempt after a good connection. */
const FIRST_WAIT_MS = 200;
/** How much longer each further wait is: who was away for a while is not waited for much longer. */
const GROWTH = 1.5;
/** Longest wait between two attempts. */
const WAIT_MS_MAX = 4_000;
/** A connection that played this long counts as good. */
const GOOD_AFTER_MS = 5_000;

/** What to do after a connection closed. */
export type ReconnectDecision =
  | { readonly kind: "stop" }
  /** `fresh`: the resume token is worthless, only a new ticket helps. */
  | { readonly kind: "retry"; readonly waitMs: number; readonly fresh: boolean };

/** Codes after which coming back by itself would be wrong or pointless. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  CLOSE.left,
  CLOSE.replaced,
  CLOSE.version,
  CLOSE.revoked,
]);

/**
 * When to connect again: never after an end that was meant, else for ever, with waits that grow
 * up to a bound and are spread by half, so that the players of a restarted shard do not all come in
 * the same moment.
 */
export class ReconnectPolicy {
  readonly #random: () => number;
  #failures = 0;

  constructor(options: { random: () => number }) {
    this.#random = options.random;
  }

  /** The connection closed after having played for `playedMs`, 0 when it never did. */
  closed(code: number, playedMs: number): ReconnectDecision {
    if (FINAL_CODES.has(code)) return { kind: "stop" };
    if (playedMs >= GOOD_AFTER_MS) this.#failures = 0;
    return { kind: "retry", waitMs: this.failed(), fresh: code === CLOSE.credentialRefused };
  }

  /** An attempt failed before there was a connection: how long to wait. */
  failed(): number {
    const wholeMs = Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * GROWTH ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return wholeMs * (0.5 + this.#random() / 2);
  }
}

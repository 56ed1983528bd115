/** Access tokens whose signature was right, so that it is checked once and not for each call. */
import { RecentMap } from "../../limits/recent-map.ts";
import type { AccessClaims } from "./token-issuer.ts";

/** Tokens remembered; beyond it the one that was verified longest ago is verified anew. */
export const VERIFIED_TOKENS_MAX = 10_000;

/** What a signature that is right proves, for as long as its key is live. */
export interface VerifiedToken extends AccessClaims {
  readonly keyId: string;
  readonly expiresAtMs: number;
}

/**
 * Remembers what tokens say, never that they still count: a login that has ended, a player who is
 * banned and a key that is gone are looked at in each call.
 */
export class VerifiedTokens {
  readonly #tokens = new RecentMap<string, VerifiedToken>(VERIFIED_TOKENS_MAX);

  find(token: string): VerifiedToken | undefined {
    return this.#tokens.get(hashToken(token));
  }

  add(token: string, verified: VerifiedToken): void {
    this.#tokens.set(hashToken(token), verified);
  }

  delete(token: string): void {
    this.#tokens.delete(hashToken(token));
  }
}

/** Whoever reads this process's memory is not given tokens. */
function hashToken(token: string): string {
  return Bun.CryptoHasher.hash("sha256", token, "base64");
}

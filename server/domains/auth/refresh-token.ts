/** Refresh tokens: 256 random bits, of which only the hash is kept. */
import { createHash, randomBytes } from "node:crypto";

export const REFRESH_TOKEN_MS = 60 * 24 * 60 * 60 * 1000;

export interface NewRefreshToken {
  readonly token: string;
  readonly hash: string;
}

/** A token that nobody has seen yet. */
export function createRefreshToken(): NewRefreshToken {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashRefreshToken(token) };
}

/** A fast hash is enough for something that cannot be guessed. */
export function hashRefreshToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

import type { ResumeTokens } from "../loop/admission.ts";

/** Resume tokens that anybody can guess and read, for tests. */
export function createPaperTokens(): ResumeTokens {
  let count = 0;
  return { make: () => `token-${++count}`, hash: hashPaperToken };
}

/** What stands for a token's hash. */
export function hashPaperToken(token: string): string {
  return `hash of ${token}`;
}

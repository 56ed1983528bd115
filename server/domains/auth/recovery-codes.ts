import { createHash, randomBytes } from "node:crypto";

const CODES = 10;
/** 50 bits: five base32 signs, a dash, five more. */
const SIGNS = "abcdefghijklmnopqrstuvwxyz234567";
const LENGTH = 10;

/** Codes that are shown once. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const signs = [...randomBytes(LENGTH)].map((byte) => SIGNS[byte % SIGNS.length]).join("");
    return `${signs.slice(0, LENGTH / 2)}-${signs.slice(LENGTH / 2)}`;
  });
}

/** How one is stored, whichever way it was typed. */
export function hashRecoveryCode(code: string): string {
  const signs = code.toLowerCase().replace(/[^a-z2-7]/g, "");
  return createHash("sha256").update(signs).digest("hex");
}

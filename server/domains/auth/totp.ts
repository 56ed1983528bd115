/** Codes from a telephone (RFC 6238: SHA-1, 6 digits, 30 s); the only file that knows otpauth. */
import { Secret, TOTP } from "otpauth";

const ISSUER = "Tessera";
const PERIOD_SECONDS = 30;
/** Codes of one step before and after are taken too: clocks differ, and people type slowly. */
const WINDOW_STEPS = 1;
const SECRET_BYTES = 20;

export interface NewTotp {
  /** base32, to be typed. */
  readonly secret: string;
  /** otpauth://, to be shown as a picture. */
  readonly uri: string;
}

/** A secret that nobody has seen yet. */
export function createTotp(label: string): NewTotp {
  const secret = new Secret({ size: SECRET_BYTES });
  return { secret: secret.base32, uri: open(secret.base32, label).toString() };
}

/** The step that a code is of, or undefined when it is wrong now. */
export function findStep(secret: string, code: string, nowMs: number): number | undefined {
  const delta = open(secret).validate({ token: code, timestamp: nowMs, window: WINDOW_STEPS });
  if (delta === null) return undefined;
  return Math.floor(nowMs / 1_000 / PERIOD_SECONDS) + delta;
}

function open(secret: string, label = ""): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    algorithm: "SHA1",
    digits: 6,
    period: PERIOD_SECONDS,
    secret: Secret.fromBase32(secret),
  });
}

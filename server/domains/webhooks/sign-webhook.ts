import { timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";

const SECRET_BYTES = 32;
const PREFIX = "whsec_";

/** A new secret, in the form of Standard Webhooks. */
export function createWebhookSecret(): string {
  return PREFIX + crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toBase64();
}

export interface SignedMessage {
  readonly id: string;
  readonly atMs: number;
  readonly body: string;
}

/** The headers of Standard Webhooks, with one signature for each secret. */
export function signWebhook(
  { id, atMs, body }: SignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const at = new Date(atMs);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(atMs / 1_000)),
    "webhook-signature": secrets.map((one) => new Webhook(one).sign(id, at, body)).join(" "),
  };
}

/** Whether one of the signatures that came is the secret's; takes as long for each. */
export function isSignedBy(secret: string, message: SignedMessage, signatures: string): boolean {
  const { id, atMs, body } = message;
  const wanted = Buffer.from(new Webhook(secret).sign(id, new Date(atMs), body));
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

import type { MailAccepted, RequestResetInput } from "#shared/model/mail.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";

/**
 * Sends a link that sets another password to whoever proved to have the address. Nobody is looked
 * up here: it costs and looks the same for every address.
 */
export async function createPasswordReset(
  deps: ServerDeps,
  caller: Caller,
  { email }: RequestResetInput,
): Promise<MailAccepted> {
  deps.mail.assertOpen();
  deps.attempts.take(caller.address);
  if (deps.mailLimiter.take(email)) {
    await deps.mail.add({ kind: "reset", address: email, playerId: null });
  }
  return { accepted: true };
}

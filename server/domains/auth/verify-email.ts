import { isConstraintError } from "#shared/infra/db/database.ts";
import { emails } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { EmailVerified, VerifyEmailInput } from "#shared/model/mail.ts";
import type { ServerDeps } from "../../deps.ts";
import { takeMailToken } from "./take-mail-token.ts";

/** Makes an address the player's in place of any before: whoever has the link reads its mail. */
export async function verifyEmail(
  deps: ServerDeps,
  { token }: VerifyEmailInput,
): Promise<EmailVerified> {
  const { playerId, address } = await takeMailToken(deps, "verify", token);
  const proven = {
    address,
    addressKey: address.toLowerCase(),
    provenAtMs: Math.trunc(deps.clock.wallMs()),
  };
  const insert = deps.database.orm
    .insert(emails)
    .values({ playerId, ...proven })
    .onConflictDoUpdate({ target: emails.playerId, set: proven });
  try {
    await deps.audit.write(
      { event: "player.email-proven", actorId: playerId, targetId: playerId },
      (record) => deps.database.orm.batch([insert, record.insert()]),
    );
  } catch (error) {
    if (!isConstraintError(error, "address_key")) throw error;
    throw new AppError("CONFLICT", "cannot confirm the address: another account has it by now");
  }
  return { verified: true };
}

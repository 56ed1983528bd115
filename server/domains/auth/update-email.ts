import { eq } from "drizzle-orm";
import { players } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { MailAccepted, SetEmailInput } from "#shared/model/mail.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { checkPassword } from "./check-password.ts";

/** Sends a link that makes an address the caller's, whoever else may have it. */
export async function updateEmail(
  deps: ServerDeps,
  { actor, caller }: { actor: Actor; caller: Caller },
  { email, password }: SetEmailInput,
): Promise<MailAccepted> {
  deps.mail.assertOpen();
  deps.attempts.take(caller.address);
  const [row] = await deps.database.orm
    .select()
    .from(players)
    .where(eq(players.id, actor.playerId));
  if (row?.username == null) {
    throw new AppError("CONFLICT", "cannot set an address: a guest has none; use auth.upgrade");
  }
  await checkPassword(deps, { row, address: caller.address, password });
  if (deps.mailLimiter.take(email)) {
    await deps.mail.add({ kind: "verify", address: email, playerId: row.id });
  }
  return { accepted: true };
}

import { eq } from "drizzle-orm";
import { players, sessions } from "#shared/infra/db/schema/control.ts";
import type { PasswordReset, ResetPasswordInput } from "#shared/model/mail.ts";
import type { Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEnds, tellEnds } from "./end-sessions.ts";
import { takeMailToken } from "./take-mail-token.ts";

/** Sets another password by a link from a mail; all logins end. */
export async function resetPassword(
  deps: ServerDeps,
  caller: Caller,
  { token, password }: ResetPasswordInput,
): Promise<PasswordReset> {
  deps.attempts.take(caller.address);
  const { playerId } = await takeMailToken(deps, "reset", token);
  const passwordHash = await deps.passwords.hash(password);
  const { orm } = deps.database;
  const reason = "password reset";
  const nowMs = deps.clock.wallMs();
  const plan = { which: eq(sessions.playerId, playerId), reason, nowMs } as const;
  const [inserts, update] = prepareEnds(deps.database, plan);
  const change = orm.update(players).set({ passwordHash }).where(eq(players.id, playerId));
  const [, ended] = await deps.audit.write(
    { event: "player.password-reset", actorId: null, targetId: playerId },
    ({ insert }) => orm.batch([inserts, update, change, insert()]),
  );
  tellEnds(deps, ended, reason);
  return { reset: true };
}

import { and, eq } from "drizzle-orm";
import { players, sessions } from "#shared/infra/db/schema/control.ts";
import type { ChangePasswordInput, Credentials } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { checkPassword } from "./check-password.ts";
import { issueCredentials, prepareSession } from "./create-session.ts";
import { prepareEnds, tellEnds } from "./end-sessions.ts";

/**
 * Sets another password. All logins end, since any of them may be in foreign hands, the one that
 * asks too; the answer is a new one.
 */
export async function changePassword(
  deps: ServerDeps,
  { actor, caller }: { actor: Actor; caller: Caller },
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<Credentials> {
  const { orm } = deps.database;
  const [row] = await orm.select().from(players).where(eq(players.id, actor.playerId));
  const { username, passwordHash: before } = row ?? { username: null, passwordHash: null };
  if (row === undefined || username === null || before === null) {
    throw new AppError("CONFLICT", "cannot change the password: there is none; use auth.upgrade");
  }
  await checkPassword(deps, { row, address: caller.address, password: currentPassword });
  const passwordHash = await deps.passwords.hash(newPassword);
  const reason = "password changed";
  const plan = {
    which: eq(sessions.playerId, row.id),
    reason,
    nowMs: deps.clock.wallMs(),
  } as const;
  const { statements, session } = prepareSession(
    deps,
    { device: caller.device, secondFactor: actor.secondFactor },
    row.id,
  );
  const [inserts, update] = prepareEnds(deps.database, plan);
  const entry = {
    event: "player.password-changed",
    actorId: row.id,
    targetId: row.id,
  } as const;
  const [, ended] = await deps.audit.write(entry, ({ insert }) =>
    orm.batch([
      inserts,
      update,
      orm
        .update(players)
        .set({ passwordHash })
        .where(and(eq(players.id, row.id))),
      insert(),
      ...statements,
    ]),
  );
  tellEnds(deps, ended, reason);
  return issueCredentials(deps, row, session);
}

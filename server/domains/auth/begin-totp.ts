import { eq, isNull } from "drizzle-orm";
import { players, totpSecrets } from "#shared/infra/db/schema/control.ts";
import type { BeginTotpInput, BegunTotp } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { checkPassword } from "./check-password.ts";
import { createTotp } from "./totp.ts";

/** Gives the caller a secret for the telephone; it counts from auth.confirmTotp on. */
export async function beginTotp(
  deps: ServerDeps,
  { actor, caller }: { actor: Actor; caller: Caller },
  { password }: BeginTotpInput,
): Promise<BegunTotp> {
  const { orm } = deps.database;
  const [row] = await orm.select().from(players).where(eq(players.id, actor.playerId));
  if (row?.username == null) {
    throw new AppError("CONFLICT", "cannot set up a second factor: there is no first one yet");
  }
  await checkPassword(deps, { row, address: caller.address, password });
  const { secret, uri } = createTotp(row.username);
  const begun = await orm
    .insert(totpSecrets)
    .values({ playerId: row.id, secret })
    .onConflictDoUpdate({
      target: totpSecrets.playerId,
      set: { secret, lastStep: 0 },
      setWhere: isNull(totpSecrets.confirmedAtMs),
    });
  if (begun.rowsAffected === 0) {
    throw new AppError(
      "CONFLICT",
      "cannot set up a second factor: there is one; auth.disableTotp takes it away",
    );
  }
  return { secret, uri };
}

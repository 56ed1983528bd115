import { eq } from "drizzle-orm";
import { players, recoveryCodes, sessions, totpSecrets } from "#shared/infra/db/schema/control.ts";
import type { DisabledTotp, DisableTotpInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor, Caller } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { checkPassword } from "./check-password.ts";
import { checkSecondFactor, findTotp } from "./check-second-factor.ts";

/** Takes the second factor away, for whoever shows both. */
export async function disableTotp(
  deps: ServerDeps,
  { actor, caller }: { actor: Actor; caller: Caller },
  { password, code }: DisableTotpInput,
): Promise<DisabledTotp> {
  const { orm } = deps.database;
  const { playerId } = actor;
  const totp = await findTotp(deps, playerId);
  const [row] = await orm.select().from(players).where(eq(players.id, playerId));
  if (totp === undefined || row === undefined) {
    throw new AppError("CONFLICT", "cannot take the second factor away: there is none");
  }
  await checkPassword(deps, { row, address: caller.address, password });
  await checkSecondFactor(deps, totp, code);
  await deps.audit.write(
    { event: "player.second-factor-gone", actorId: playerId, targetId: playerId },
    ({ insert }) =>
      orm.batch([
        orm.delete(totpSecrets).where(eq(totpSecrets.playerId, playerId)),
        orm.delete(recoveryCodes).where(eq(recoveryCodes.playerId, playerId)),
        orm.update(sessions).set({ secondFactor: false }).where(eq(sessions.playerId, playerId)),
        insert(),
      ]),
  );
  return { disabled: true };
}

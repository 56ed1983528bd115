import { and, eq, isNotNull, lt } from "drizzle-orm";
import { recoveryCodes, totpSecrets } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { findStep } from "./totp.ts";

/** Guesses of a player's codes are counted together, wherever they come from. */
const ANYWHERE = "second factor";

type TotpRow = typeof totpSecrets.$inferSelect;

/** What a player's second factor is, once it was confirmed. */
export async function findTotp(
  { database }: Pick<ServerDeps, "database">,
  playerId: PlayerId,
): Promise<TotpRow | undefined> {
  const [row] = await database.orm
    .select()
    .from(totpSecrets)
    .where(and(eq(totpSecrets.playerId, playerId), isNotNull(totpSecrets.confirmedAtMs)));
  return row;
}

/**
 * Takes a code of the telephone, which is good once, or uses a recovery code up. Throws
 * SECOND_FACTOR_REQUIRED without one, SECOND_FACTOR_WRONG, and TOO_MANY_ATTEMPTS.
 */
export async function checkSecondFactor(
  deps: ServerDeps,
  row: TotpRow,
  code: string | undefined,
): Promise<void> {
  if (code === undefined) {
    throw new AppError(
      "SECOND_FACTOR_REQUIRED",
      "cannot log in by the password alone: send the code of the telephone too, as `code`",
    );
  }
  deps.throttle.begin(row.playerId, ANYWHERE);
  const isGood = /^\d{6}$/.test(code)
    ? await takeCode(deps, row, code)
    : await takeRecoveryCode(deps, row, code);
  if (!isGood) {
    throw new AppError(
      "SECOND_FACTOR_WRONG",
      "cannot accept the code: it is wrong, too old or was used before; wait for the next one",
    );
  }
  deps.throttle.succeed(row.playerId, ANYWHERE);
}

/** Of any number of requests with one code, one is let in. */
async function takeCode(
  { database: { orm }, clock }: ServerDeps,
  { playerId, secret }: TotpRow,
  code: string,
): Promise<boolean> {
  const step = findStep(secret, code, clock.wallMs());
  if (step === undefined) return false;
  const taken = await orm
    .update(totpSecrets)
    .set({ lastStep: step })
    .where(and(eq(totpSecrets.playerId, playerId), lt(totpSecrets.lastStep, step)));
  return taken.rowsAffected === 1;
}

async function takeRecoveryCode(
  deps: ServerDeps,
  { playerId }: TotpRow,
  code: string,
): Promise<boolean> {
  const isThis = and(
    eq(recoveryCodes.playerId, playerId),
    eq(recoveryCodes.hash, hashRecoveryCode(code)),
  );
  const { orm } = deps.database;
  const used = await orm.delete(recoveryCodes).where(isThis);
  if (used.rowsAffected === 0) return false;
  await deps.audit.write(
    { event: "player.recovery-code-used", actorId: playerId, targetId: playerId },
    ({ insert }) => orm.batch([insert()]),
  );
  return true;
}

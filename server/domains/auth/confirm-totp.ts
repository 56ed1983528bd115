import { and, eq, isNull } from "drizzle-orm";
import { recoveryCodes, sessions, totpSecrets } from "#shared/infra/db/schema/control.ts";
import type { ConfirmedTotp, ConfirmTotpInput } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { createRecoveryCodes, hashRecoveryCode } from "./recovery-codes.ts";
import { findStep } from "./totp.ts";

/** Makes the second factor count, for a caller whose telephone shows the right code. */
export async function confirmTotp(
  deps: ServerDeps,
  { playerId, sessionId }: Actor,
  { code }: ConfirmTotpInput,
): Promise<ConfirmedTotp> {
  const { orm } = deps.database;
  deps.throttle.begin(playerId, "confirmation");
  const isOpen = and(eq(totpSecrets.playerId, playerId), isNull(totpSecrets.confirmedAtMs));
  const [row] = await orm.select().from(totpSecrets).where(isOpen);
  if (row === undefined) {
    throw new AppError("CONFLICT", "cannot confirm a second factor: ask auth.beginTotp for one");
  }
  const nowMs = Math.trunc(deps.clock.wallMs());
  const step = findStep(row.secret, code, nowMs);
  if (step === undefined) {
    throw new AppError(
      "SECOND_FACTOR_WRONG",
      "cannot confirm the second factor: the code is wrong; is the telephone's clock right?",
    );
  }
  deps.throttle.succeed(playerId, "confirmation");
  const codes = createRecoveryCodes();
  const hashes = codes.map((one) => ({ playerId, hash: hashRecoveryCode(one) }));
  await deps.audit.write(
    { event: "player.second-factor-set", actorId: playerId, targetId: playerId },
    ({ insert }) =>
      orm.batch([
        orm.update(totpSecrets).set({ confirmedAtMs: nowMs, lastStep: step }).where(isOpen),
        orm.delete(recoveryCodes).where(eq(recoveryCodes.playerId, playerId)),
        orm.insert(recoveryCodes).values(hashes),
        orm.update(sessions).set({ secondFactor: true }).where(eq(sessions.id, sessionId)),
        insert(),
      ]),
  );
  return { recoveryCodes: codes };
}

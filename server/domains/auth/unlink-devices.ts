import { and, eq } from "drizzle-orm";
import { identities, players } from "#shared/infra/db/schema/control.ts";
import type { UnlinkedDevices } from "#shared/model/auth.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { DEVICE_PROVIDER } from "./device-key.ts";

/** Ends what devices can do for the caller, who must have another way back. */
export async function unlinkDevices(
  { database: { orm } }: ServerDeps,
  { playerId }: Actor,
): Promise<UnlinkedDevices> {
  const [player] = await orm.select().from(players).where(eq(players.id, playerId));
  if (player?.guest !== false) {
    throw new AppError(
      "CONFLICT",
      "cannot unlink devices: a guest has no other way back; use auth.upgrade first",
    );
  }
  const isDevice = eq(identities.provider, DEVICE_PROVIDER);
  const gone = await orm.delete(identities).where(and(eq(identities.playerId, playerId), isDevice));
  return { unlinked: gone.rowsAffected };
}

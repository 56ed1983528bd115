import { eq } from "drizzle-orm";
import { bans } from "#shared/infra/db/schema/control.ts";
import type { UnbanInput, Unbanned } from "#shared/model/users.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findSubordinate } from "./find-subordinate.ts";

/** Lets a player log in again. */
export async function unbanUser(
  deps: ServerDeps,
  actor: Actor,
  { playerId, reason }: UnbanInput,
): Promise<Unbanned> {
  await findSubordinate(deps, actor, playerId);
  const { orm } = deps.database;
  const [gone] = await deps.audit.write(
    {
      event: "player.unbanned",
      actorId: actor.playerId,
      targetId: playerId,
      details: { reason },
    },
    ({ insert }) => orm.batch([orm.delete(bans).where(eq(bans.playerId, playerId)), insert()]),
  );
  return { unbanned: gone.rowsAffected > 0 };
}

import { and, eq, gte, inArray, lt, notExists } from "drizzle-orm";
import { bans, identities, players, sessions } from "#shared/infra/db/schema/control.ts";
import type { ServerDeps } from "../../deps.ts";
import { REFRESH_TOKEN_MS } from "./refresh-token.ts";

/** A guest who was not seen for so long has no token left that could bring it back. */
export const GUEST_IDLE_MS = REFRESH_TOKEN_MS;
/** One that a device brings back is waited for longer. */
export const DEVICE_GUEST_IDLE_MS = 365 * 24 * 60 * 60 * 1_000;
/** Deleted in one transaction. */
const AT_ONCE_MAX = 500;

/** Deletes guests who never became accounts and do not come any more; tells how many. */
export async function deleteIdleGuests({
  database: { orm },
  clock,
}: Pick<ServerDeps, "database" | "clock">): Promise<number> {
  const nowMs = clock.wallMs();
  const idleMs = nowMs - GUEST_IDLE_MS;
  const isMe = eq(sessions.playerId, players.id);
  const seen = orm
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(isMe, gte(sessions.seenAtMs, idleMs)));
  const reachable = orm
    .select({ playerId: identities.playerId })
    .from(identities)
    .where(
      and(
        eq(identities.playerId, players.id),
        gte(identities.usedAtMs, nowMs - DEVICE_GUEST_IDLE_MS),
      ),
    );
  // A ban would go with its player, and the device that it keeps out would be a new one.
  const banned = orm
    .select({ playerId: bans.playerId })
    .from(bans)
    .where(eq(bans.playerId, players.id));
  const idle = orm
    .select({ id: players.id })
    .from(players)
    .where(
      and(
        eq(players.guest, true),
        lt(players.createdAtMs, idleMs),
        notExists(seen),
        notExists(reachable),
        notExists(banned),
      ),
    )
    .limit(AT_ONCE_MAX);
  let deleted = 0;
  for (;;) {
    const { rowsAffected } = await orm.delete(players).where(inArray(players.id, idle));
    deleted += rowsAffected;
    if (rowsAffected < AT_ONCE_MAX) return deleted;
  }
}

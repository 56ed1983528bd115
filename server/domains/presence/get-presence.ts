import { and, eq, or } from "drizzle-orm";
import { chatBlocks } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { GetPresenceInput, PlayerPresence } from "#shared/model/presence.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { toLastPlace, toPresencePlace } from "./place-view.ts";

/**
 * Where a player is. Who blocks the other, or is blocked, sees nobody; staff sees all. Only staff
 * sees who is in another server's shards: who blocks whom there is not known here.
 */
export async function getPresence(
  deps: Pick<ServerDeps, "presence" | "lastSeen" | "database">,
  actor: Pick<Actor, "playerId" | "role">,
  { playerId }: GetPresenceInput,
): Promise<PlayerPresence> {
  const isPlayer = actor.role === "player";
  const isHidden = isPlayer && (await isBlocked(deps, actor.playerId, playerId));
  const there = isHidden ? undefined : deps.presence.find(playerId);
  const isForeign = there !== undefined && deps.presence.isForeign(there);
  const place = isPlayer && isForeign ? undefined : there;
  const last = isHidden ? undefined : await deps.lastSeen.find(playerId);
  const showsSpot = !isPlayer || actor.playerId === playerId;
  return {
    playerId,
    lastSeen: last === undefined ? null : toLastPlace(last, showsSpot),
    place: place === undefined ? null : toPresencePlace(place),
    ...deps.presence.state,
  };
}

/** Whether one of the two blocks the other. */
async function isBlocked(
  { database: { orm } }: Pick<ServerDeps, "database">,
  one: PlayerId,
  other: PlayerId,
): Promise<boolean> {
  if (one === other) return false;
  const { playerId, blockedId } = chatBlocks;
  const rows = await orm
    .select({ playerId })
    .from(chatBlocks)
    .where(
      or(
        and(eq(playerId, one), eq(blockedId, other)),
        and(eq(playerId, other), eq(blockedId, one)),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

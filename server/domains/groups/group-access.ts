import { type SQL, sql } from "drizzle-orm";
import { groupMembers, groups } from "#shared/infra/db/schema/control.ts";
import type { GroupKind } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";

/** Holds for a member of a group; of another kind than the given one there is no such group. */
export function isInGroup(
  { groupId, kind }: { readonly groupId: GroupId; readonly kind?: GroupKind | undefined },
  playerId: PlayerId,
): SQL {
  return sql`EXISTS (SELECT 1 FROM ${groupMembers} AS held
    JOIN ${groups} AS its ON its.id = held.group_id
    WHERE held.group_id = ${groupId} AND held.player_id = ${playerId}
      AND its.kind = coalesce(${kind ?? null}, its.kind))`;
}

/** `kind:id` of all groups that a player is in now, to be put behind IN. */
export function groupRoomsOf(playerId: PlayerId): SQL {
  return sql`(SELECT its.kind || ':' || its.id FROM ${groupMembers} AS held
    JOIN ${groups} AS its ON its.id = held.group_id WHERE held.player_id = ${playerId})`;
}

/** The rows of a group's members, as a statement whose column is `id`. */
export function selectMemberIds(groupId: GroupId | null): SQL {
  return sql`SELECT player_id AS id FROM ${groupMembers} WHERE group_id = ${groupId}`;
}

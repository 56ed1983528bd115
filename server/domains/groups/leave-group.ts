import { type SQL, sql } from "drizzle-orm";
import { events, groupMembers } from "#shared/infra/db/schema/control.ts";
import type { GroupInput, LeftGroup } from "#shared/model/groups.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import { findOwnGroup, type GroupDeps, isMember } from "./find-group.ts";

/**
 * Goes out of a group. After an owner, the officer who has been one the longest is the owner, then
 * the member who has been there the longest; a group without members is none.
 */
export async function leaveGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<LeftGroup> {
  await findOwnGroup(deps, groupId, playerId);
  await deps.database.orm.batch(
    prepareDepartures(deps, { which: isMember(groupId, playerId), reason: "left", by: null }),
  );
  return { left: true };
}

/** Statements that take members out, each with its event; a trigger gives the group an owner. */
export function prepareDepartures(
  { database: { orm }, clock }: GroupDeps,
  plan: {
    readonly which: SQL | undefined;
    readonly reason: "left" | "removed";
    readonly by: PlayerId | null;
  },
) {
  const { which, reason, by } = plan;
  return [
    orm.run(sql`INSERT INTO ${events} (type, at_ms, player_id, data)
      SELECT 'group.left', ${Math.trunc(clock.wallMs())}, player_id,
        json_object('groupId', group_id, 'reason', ${reason}, 'byPlayerId', ${by ?? ""})
      FROM ${groupMembers} WHERE ${which}`),
    orm.delete(groupMembers).where(which).returning({ playerId: groupMembers.playerId }),
  ] as const;
}

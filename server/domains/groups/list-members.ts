import { asc, desc, eq, sql } from "drizzle-orm";
import { groupMembers, players } from "#shared/infra/db/schema/control.ts";
import { type GroupInput, type GroupMembers, groupLimits } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { findOwnGroup, type GroupDeps } from "./find-group.ts";

/** All members of a group, for its members: the owner, the officers, the others, by their time. */
export async function listMembers(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<GroupMembers> {
  const { group } = await findOwnGroup(deps, groupId, playerId);
  const rank = sql`CASE ${groupMembers.role} WHEN 'owner' THEN 2 WHEN 'officer' THEN 1 ELSE 0 END`;
  const rows = await deps.database.orm
    .select({ member: groupMembers, displayName: players.displayName })
    .from(groupMembers)
    .innerJoin(players, eq(players.id, groupMembers.playerId))
    .where(eq(groupMembers.groupId, groupId))
    .orderBy(desc(rank), asc(groupMembers.joinedAtMs), asc(groupMembers.playerId))
    .limit(groupLimits[group.kind].membersMax);
  const members = rows.map(({ member, displayName }) => ({
    ...{ playerId: member.playerId, displayName, role: member.role },
    joinedAt: new Date(member.joinedAtMs).toISOString(),
  }));
  return { members };
}

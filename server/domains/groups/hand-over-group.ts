import { and, eq, sql } from "drizzle-orm";
import { groupMembers } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import { type GroupMembers, type GroupPlayerInput, groupLimits } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { findOwnGroup, type GroupDeps, isMember, onlyOwner, roleOf } from "./find-group.ts";
import { listMembers } from "./list-members.ts";

/**
 * Makes another member the owner. The caller is an officer from then on, or a member when there are
 * as many officers as there may be.
 */
export async function handOverGroup(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId }: GroupPlayerInput,
): Promise<GroupMembers> {
  const { group, role } = await findOwnGroup(deps, groupId, actor.playerId);
  if (role !== "owner") throw onlyOwner("hand the group over");
  const { orm } = deps.database;
  const roleSinceMs = Math.trunc(deps.clock.wallMs());
  const { officersMax } = groupLimits[group.kind];
  const others = sql`(SELECT count(*) FROM ${groupMembers} AS other
    WHERE other.group_id = ${groupId} AND other.role = 'officer'
      AND other.player_id <> ${playerId})`;
  const after = sql<"officer" | "member">`iif(${others} < ${officersMax}, 'officer', 'member')`;
  const isThere = sql`${roleOf(groupId, playerId)} IN ('officer', 'member')`;
  const hasNone = sql`NOT EXISTS (SELECT 1 FROM ${groupMembers} AS other
    WHERE other.group_id = ${groupId} AND other.role = 'owner')`;
  const [, handed] = await orm.batch([
    orm
      .update(groupMembers)
      .set({ role: after, roleSinceMs })
      .where(and(isMember(groupId, actor.playerId), eq(groupMembers.role, "owner"), isThere)),
    orm
      .update(groupMembers)
      .set({ role: "owner", roleSinceMs })
      .where(and(isMember(groupId, playerId), hasNone))
      .returning({ playerId: groupMembers.playerId }),
  ]);
  if (handed.length > 0) return await listMembers(deps, actor, { groupId });
  if (playerId === actor.playerId) return await listMembers(deps, actor, { groupId });
  const message = "cannot hand the group over: the player is no member, or you own it no more";
  throw new AppError("CONFLICT", message);
}

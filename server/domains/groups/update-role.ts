import { and, ne, sql } from "drizzle-orm";
import { groupMembers } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import {
  type GroupKind,
  type GroupMembers,
  groupLimits,
  type SetGroupRoleInput,
} from "#shared/model/groups.ts";
import type { GroupId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import { findOwnGroup, type GroupDeps, isMember, onlyOwner, roleOf } from "./find-group.ts";
import { listMembers } from "./list-members.ts";

/** Makes a member an officer, or an officer a member. */
export async function updateRole(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId, role }: SetGroupRoleInput,
): Promise<GroupMembers> {
  const { group } = await findOwnGroup(deps, groupId, actor.playerId);
  const { orm } = deps.database;
  const roleSinceMs = Math.trunc(deps.clock.wallMs());
  const { officersMax } = groupLimits[group.kind];
  const isFree = role === "member" ? undefined : sql`${countOfficers(groupId)} < ${officersMax}`;
  const changed = await orm
    .update(groupMembers)
    .set({ role, roleSinceMs })
    .where(
      and(
        isMember(groupId, playerId),
        ne(groupMembers.role, "owner"),
        ne(groupMembers.role, role),
        sql`${roleOf(groupId, actor.playerId)} = 'owner'`,
        isFree,
      ),
    )
    .returning({ playerId: groupMembers.playerId });
  if (changed.length === 0) await assertHas(deps, actor, { groupId, playerId, role });
  return await listMembers(deps, actor, { groupId });
}

function countOfficers(groupId: GroupId) {
  return sql`(SELECT count(*) FROM ${groupMembers} AS officer
    WHERE officer.group_id = ${groupId} AND officer.role = 'officer')`;
}

async function assertHas(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId, role }: SetGroupRoleInput,
): Promise<void> {
  const { role: own, group } = await findOwnGroup(deps, groupId, actor.playerId);
  if (own !== "owner") throw onlyOwner("change roles");
  const [member] = await deps.database.orm
    .select({ role: groupMembers.role })
    .from(groupMembers)
    .where(isMember(groupId, playerId));
  if (member?.role === role) return;
  const cannot = "cannot change the role";
  if (member === undefined) throw new AppError("NOT_FOUND", `${cannot}: the player is no member`);
  if (member.role === "owner") {
    throw new AppError("CONFLICT", `${cannot}: it is the owner's; hand the group over first`);
  }
  throw new AppError("CONFLICT", `${cannot}: ${describeFull(group.kind)}`);
}

function describeFull(kind: GroupKind): string {
  return `a ${kind} has ${groupLimits[kind].officersMax} officers at most; make one a member first`;
}

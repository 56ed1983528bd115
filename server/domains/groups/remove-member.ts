import { and, type SQL, sql } from "drizzle-orm";
import { groupMembers } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GroupPlayerInput, LeftGroup } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { findOwnGroup, type GroupDeps, isMember, roleOf } from "./find-group.ts";
import { prepareDepartures } from "./leave-group.ts";

const rankOf = (role: SQL) => sql`CASE ${role} WHEN 'owner' THEN 2 WHEN 'officer' THEN 1
  WHEN 'member' THEN 0 END`;

/** Sends a member away who stands lower than the caller. */
export async function removeMember(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId }: GroupPlayerInput,
): Promise<LeftGroup> {
  await findOwnGroup(deps, groupId, actor.playerId);
  const own = roleOf(groupId, actor.playerId);
  const isLower = sql`${rankOf(sql`${groupMembers.role}`)} < ${rankOf(own)}`;
  const which = and(isMember(groupId, playerId), isLower);
  const departures = prepareDepartures(deps, { which, reason: "removed", by: actor.playerId });
  const [, gone] = await deps.database.orm.batch(departures);
  if (gone.length > 0) return { left: true };
  throw await explain(deps, { groupId, playerId });
}

async function explain(
  { database: { orm } }: GroupDeps,
  { groupId, playerId }: GroupPlayerInput,
): Promise<AppError> {
  const [there] = await orm
    .select({ role: groupMembers.role })
    .from(groupMembers)
    .where(isMember(groupId, playerId));
  const cannot = "cannot remove the player";
  if (there === undefined) return new AppError("NOT_FOUND", `${cannot}: it is no member`);
  return new AppError("FORBIDDEN", `${cannot}: it stands as high as you, or higher`);
}

import { asc, eq } from "drizzle-orm";
import { groupMembers, groups } from "#shared/infra/db/schema/control.ts";
import type { MyGroups } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import type { GroupDeps } from "./find-group.ts";
import { groupColumns, isOwner, isOwnerPlayer, owner, ownerPlayer, toGroup } from "./group-row.ts";
import { readOffers } from "./list-offers.ts";

/** The groups that the caller is in, and its invitations and requests. */
export async function listOwnGroups(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
): Promise<MyGroups> {
  const rows = await deps.database.orm
    .select({ ...groupColumns, role: groupMembers.role, joinedAtMs: groupMembers.joinedAtMs })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.id, groupMembers.groupId))
    .innerJoin(owner, isOwner)
    .innerJoin(ownerPlayer, isOwnerPlayer)
    .where(eq(groupMembers.playerId, playerId))
    .orderBy(asc(groupMembers.joinedAtMs), asc(groupMembers.groupId));
  const own = rows.map((row) => ({
    ...{ group: toGroup(row), role: row.role },
    joinedAt: new Date(row.joinedAtMs).toISOString(),
  }));
  return { groups: own, offers: await readOffers(deps, { playerId }) };
}

import { and, eq, type SQL, sql } from "drizzle-orm";
import { events, groupMembers, groups } from "#shared/infra/db/schema/control.ts";
import type { ForceDisbandGroupInput, GroupInput, LeftGroup } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { findAnyGroup, findOwnGroup, type GroupDeps, onlyOwner, roleOf } from "./find-group.ts";

/** Ends a group for all its members; what was said in it goes too. */
export async function disbandGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<LeftGroup> {
  await findOwnGroup(deps, groupId, playerId);
  const allowed = sql`${roleOf(groupId, playerId)} = 'owner'`;
  const disband = prepareDisband(deps, { groupId, byPlayerId: playerId, allowed });
  const [, , gone] = await deps.database.orm.batch(disband);
  if (gone.length === 0) throw onlyOwner("disband the group");
  return { left: true };
}

/** As staff. */
export async function forceDisbandGroup(
  deps: ServerDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId, reason }: ForceDisbandGroupInput,
): Promise<LeftGroup> {
  const { group, ownerId } = await findAnyGroup(deps, groupId);
  const details = { group: groupId, kind: group.kind, name: group.name, reason };
  const plan = { groupId, byPlayerId: playerId, allowed: sql`1` };
  await deps.audit.write(
    { event: "group.disbanded", actorId: playerId, targetId: ownerId, details },
    ({ insert }) => deps.database.orm.batch([...prepareDisband(deps, plan), insert()]),
  );
  return { left: true };
}

function prepareDisband(
  { database: { orm }, clock }: GroupDeps,
  plan: { readonly groupId: GroupId; readonly byPlayerId: PlayerId; readonly allowed: SQL },
) {
  const { groupId, byPlayerId, allowed } = plan;
  const nowMs = Math.trunc(clock.wallMs());
  return [
    orm.run(sql`INSERT INTO ${events} (type, at_ms, player_id, data)
      SELECT 'group.left', ${nowMs}, player_id, json_object('groupId', group_id,
        'reason', 'disbanded', 'byPlayerId', ${byPlayerId})
      FROM ${groupMembers} WHERE group_id = ${groupId} AND (${allowed})`),
    orm.run(sql`INSERT INTO ${events} (type, at_ms, player_id, data)
      SELECT 'group.disbanded', ${nowMs}, ${byPlayerId}, json_object('groupId', id,
        'kind', kind, 'name', name, 'byPlayerId', ${byPlayerId})
      FROM ${groups} WHERE id = ${groupId} AND (${allowed})`),
    orm
      .delete(groups)
      .where(and(eq(groups.id, groupId), allowed))
      .returning({ id: groups.id }),
  ] as const;
}

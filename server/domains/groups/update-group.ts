import { and, eq, type SQL, sql } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { events, groups } from "#shared/infra/db/schema/control.ts";
import type { ForceUpdateGroupInput, Group, UpdateGroupInput } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import { nameKeyOf } from "#shared/model/visible-name.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { nameTaken } from "./create-group.ts";
import { findAnyGroup, findOwnGroup, type GroupDeps, onlyOwner, roleOf } from "./find-group.ts";
import { toGroup } from "./group-row.ts";

/** Gives a group another name, description or way to come in. */
export async function updateGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  input: UpdateGroupInput,
): Promise<Group> {
  const { groupId } = input;
  const { group } = await findOwnGroup(deps, groupId, playerId);
  const allowed = sql`${roleOf(groupId, playerId)} = 'owner'`;
  const plan = { group, input, byPlayerId: playerId, allowed };
  const [changed] = await unlessTaken(input, () =>
    deps.database.orm.batch(prepareUpdate(deps, plan)),
  );
  if (changed.length === 0) throw onlyOwner("change the group");
  return toGroup(await findOwnGroup(deps, groupId, playerId));
}

/** As staff: for names and descriptions that must not stay. */
export async function forceUpdateGroup(
  deps: ServerDeps,
  { playerId }: Pick<Actor, "playerId">,
  { reason, ...input }: ForceUpdateGroupInput,
): Promise<Group> {
  const { groupId } = input;
  const { group, ownerId } = await findAnyGroup(deps, groupId);
  const details = { group: groupId, before: group.name, name: input.name ?? group.name, reason };
  const plan = { group, input, byPlayerId: playerId, allowed: sql`1` };
  await unlessTaken(input, () =>
    deps.audit.write(
      { event: "group.updated", actorId: playerId, targetId: ownerId, details },
      ({ insert }) => deps.database.orm.batch([...prepareUpdate(deps, plan), insert()]),
    ),
  );
  return toGroup(await findAnyGroup(deps, groupId));
}

function prepareUpdate(
  { database: { orm }, clock }: GroupDeps,
  plan: {
    readonly group: { readonly id: GroupId; readonly kind: Group["kind"] };
    readonly input: UpdateGroupInput;
    readonly byPlayerId: PlayerId;
    readonly allowed: SQL;
  },
) {
  const { group, byPlayerId, allowed } = plan;
  const { name, description, admission } = plan.input;
  const key = name === undefined || group.kind === "team" ? undefined : nameKeyOf(name);
  const set = {
    name: name ?? sql`${groups.name}`,
    nameKey: key ?? sql`${groups.nameKey}`,
    description: description ?? sql`${groups.description}`,
    admission: admission ?? sql`${groups.admission}`,
  };
  const nowMs = Math.trunc(clock.wallMs());
  return [
    orm
      .update(groups)
      .set(set)
      .where(and(eq(groups.id, group.id), allowed))
      .returning({ id: groups.id }),
    orm.run(sql`INSERT INTO ${events} (type, at_ms, player_id, data)
      SELECT 'group.updated', ${nowMs}, ${byPlayerId}, json_object('groupId', id, 'kind', kind,
        'name', name, 'byPlayerId', ${byPlayerId})
      FROM ${groups} WHERE id = ${group.id} AND changes() > 0`),
  ] as const;
}

async function unlessTaken<T>(
  { name }: { readonly name?: string | undefined },
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw name !== undefined && isConstraintError(error, "name_key") ? nameTaken(name) : error;
  }
}

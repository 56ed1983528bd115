import { type SQL, sql } from "drizzle-orm";
import { isConstraintError } from "#shared/infra/db/database.ts";
import { groupMembers, groups } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import {
  type CreateGroupInput,
  type Group,
  type GroupKind,
  groupLimits,
} from "#shared/model/groups.ts";
import { GroupId, type PlayerId } from "#shared/model/ids.ts";
import { nameKeyOf } from "#shared/model/visible-name.ts";
import type { Actor } from "../../context.ts";
import { findGroup, type GroupDeps } from "./find-group.ts";
import { toGroup } from "./group-row.ts";

/** Makes a group of which the caller is the owner and only member. */
export async function createGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { kind, name, description, admission }: CreateGroupInput,
): Promise<Group> {
  const { orm } = deps.database;
  const nowMs = Math.trunc(deps.clock.wallMs());
  const groupId = GroupId.parse(Bun.randomUUIDv7("hex", nowMs));
  const key = kind === "guild" ? nameKeyOf(name) : null;
  const admits = admission ?? (kind === "guild" ? "request" : "invitation");
  const { perPlayerMax } = groupLimits[kind];
  try {
    const [, joined] = await orm.batch([
      orm.run(sql`INSERT INTO ${groups}
          (id, kind, name, name_key, description, admission, created_at_ms)
        SELECT ${groupId}, ${kind}, ${name}, ${key}, ${description}, ${admits}, ${nowMs}
        WHERE ${countGroupsOf(playerId, kind)} < ${perPlayerMax}`),
      orm.all(sql`INSERT INTO ${groupMembers}
          (group_id, player_id, role, role_since_ms, joined_at_ms)
        SELECT id, ${playerId}, 'owner', ${nowMs}, ${nowMs}
        FROM ${groups} WHERE id = ${groupId} RETURNING group_id`),
    ]);
    if (joined.length === 0) throw tooMany(kind);
  } catch (error) {
    throw isConstraintError(error, "name_key") ? nameTaken(name) : error;
  }
  return toGroup(await findGroup(deps, groupId, playerId));
}

/** How many groups of a kind a player is in. */
export function countGroupsOf(playerId: PlayerId, kind: GroupKind): SQL {
  return sql`(SELECT count(*) FROM ${groupMembers} AS own
    JOIN ${groups} AS its ON its.id = own.group_id
    WHERE own.player_id = ${playerId} AND its.kind = ${kind})`;
}

/** For a name that another guild has, or one that people take for it. */
export function nameTaken(name: string): AppError {
  const message = `cannot name the guild ${name}: another one is called so; take another name`;
  return new AppError("CONFLICT", message);
}

function tooMany(kind: GroupKind): AppError {
  const { perPlayerMax } = groupLimits[kind];
  const message = `you are in ${perPlayerMax} already, and no more are allowed; leave one first`;
  return new AppError("CONFLICT", `cannot make the ${kind}: ${message}`);
}

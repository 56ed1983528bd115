import { type SQL, sql } from "drizzle-orm";
import { groupMembers, groupOffers, groups } from "#shared/infra/db/schema/control.ts";
import { AppError, type AppErrorCode } from "#shared/model/errors.ts";
import { type GroupKind, groupLimits } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import { countGroupsOf } from "./create-group.ts";
import { type GroupDeps, roleOf } from "./find-group.ts";

/** What keeps a player out: nobody lets it in, the group is full, or it is in enough of them. */
export type AdmissionFault = "gone" | "closed" | "full" | "many";

export interface Admission {
  readonly group: { readonly id: GroupId; readonly kind: GroupKind };
  readonly playerId: PlayerId;
  /** Holds for who may come in. */
  readonly allowed: SQL;
}

/**
 * Makes a player a member, and its offer none. One statement judges and writes, so that of any
 * number who ask for the last place one gets it; the one before it, in the same transaction, says
 * what was in the way. Who is a member already stays one.
 */
export async function admitMember(
  { database: { orm }, clock }: GroupDeps,
  admission: Admission,
): Promise<AdmissionFault | null> {
  const { group, playerId } = admission;
  const nowMs = Math.trunc(clock.wallMs());
  const fault = judge(admission);
  const [[verdict]] = await orm.batch([
    orm.all<{ fault: AdmissionFault | "there" | null }>(sql`SELECT ${fault} AS fault`),
    orm.run(sql`INSERT INTO ${groupMembers}
        (group_id, player_id, role, role_since_ms, joined_at_ms)
      SELECT id, ${playerId}, 'member', ${nowMs}, ${nowMs} FROM ${groups}
      WHERE id = ${group.id} AND (${fault}) IS NULL`),
    orm.run(sql`DELETE FROM ${groupOffers} WHERE group_id = ${group.id}
      AND player_id = ${playerId} AND ${roleOf(group.id, playerId)} IS NOT NULL`),
  ]);
  const found = verdict?.fault ?? null;
  return found === "there" ? null : found;
}

function judge({ group, playerId, allowed }: Admission): SQL {
  const { membersMax, perPlayerMax } = groupLimits[group.kind];
  return sql`CASE
    WHEN NOT EXISTS (SELECT 1 FROM ${groups} AS it WHERE it.id = ${group.id}) THEN 'gone'
    WHEN ${roleOf(group.id, playerId)} IS NOT NULL THEN 'there'
    WHEN NOT (${allowed}) THEN 'closed'
    WHEN (SELECT count(*) FROM ${groupMembers} AS present WHERE present.group_id = ${group.id})
      >= ${membersMax} THEN 'full'
    WHEN ${countGroupsOf(playerId, group.kind)} >= ${perPlayerMax} THEN 'many'
  END`;
}

/** What to tell of a fault; `closed` says why nobody lets the player in. */
export function refusalOf(
  fault: AdmissionFault,
  { kind, closed }: { readonly kind: GroupKind; readonly closed: AppError },
): AppError {
  if (fault === "closed") return closed;
  const { membersMax, perPlayerMax } = groupLimits[kind];
  const reasons = {
    gone: ["NOT_FOUND", "it is no more"],
    full: ["CONFLICT", `it has ${membersMax} members, and no more are allowed`],
    many: ["CONFLICT", `the player is in ${perPlayerMax} already, and must leave one first`],
  } as const satisfies Record<string, readonly [AppErrorCode, string]>;
  const [code, why] = reasons[fault];
  return new AppError(code, `cannot become a member of the ${kind}: ${why}`);
}

import { and, eq, type SQL, sql } from "drizzle-orm";
import { groupMembers, groupOffers, groups } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GroupRole } from "#shared/model/groups.ts";
import type { GroupId, PlayerId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import {
  type GroupRow,
  groupColumns,
  isOwner,
  isOwnerPlayer,
  owner,
  ownerPlayer,
} from "./group-row.ts";

export type GroupDeps = Pick<ServerDeps, "database" | "clock">;

/** A group, and what one player is to it. */
export interface FoundGroup extends GroupRow {
  /** Null for who is no member. */
  readonly role: GroupRole | null;
  readonly invited: boolean;
}

/**
 * A group that a player may know of: guilds are public, a team is known to its members, to those
 * whom it invites, and by its id when it takes others in. Its kind never changes, all else may have
 * by the time that a statement writes.
 */
export async function findGroup(
  { database: { orm }, clock }: GroupDeps,
  groupId: GroupId,
  playerId: PlayerId,
): Promise<FoundGroup> {
  const nowMs = Math.trunc(clock.wallMs());
  const [row] = await orm
    .select({
      ...groupColumns,
      role: roleOf(groupId, playerId),
      invited: sql<number>`EXISTS ${offerOf({ groupId, playerId, nowMs }, "invitation")}`,
    })
    .from(groups)
    .innerJoin(owner, isOwner)
    .innerJoin(ownerPlayer, isOwnerPlayer)
    .where(eq(groups.id, groupId));
  const invited = row?.invited === 1;
  const isKnown =
    row?.group.kind === "guild" ||
    row?.group.admission !== "invitation" ||
    row.role !== null ||
    invited;
  if (row !== undefined && isKnown) return { ...row, invited };
  throw noGroup(groupId);
}

function noGroup(groupId: GroupId): AppError {
  return new AppError("NOT_FOUND", `cannot find group ${groupId}: there is none`);
}

/** A group as staff finds it; there are no secret ones. */
export async function findAnyGroup(
  { database: { orm } }: Pick<GroupDeps, "database">,
  groupId: GroupId,
): Promise<GroupRow> {
  const [row] = await orm
    .select(groupColumns)
    .from(groups)
    .innerJoin(owner, isOwner)
    .innerJoin(ownerPlayer, isOwnerPlayer)
    .where(eq(groups.id, groupId));
  if (row !== undefined) return row;
  throw noGroup(groupId);
}

/** As `findGroup`, for what only members may do; others learn no more than that. */
export async function findOwnGroup(
  deps: GroupDeps,
  groupId: GroupId,
  playerId: PlayerId,
): Promise<FoundGroup & { readonly role: GroupRole }> {
  const found = await findGroup(deps, groupId, playerId);
  const { role } = found;
  if (role !== null) return { ...found, role };
  const message = `cannot act in group ${groupId}: you are not a member; join it first`;
  throw new AppError("NOT_FOUND", message);
}

/** Throws FORBIDDEN for who is neither officer nor owner. */
export function assertLeads(role: GroupRole, what: string): void {
  if (role !== "member") return;
  throw new AppError("FORBIDDEN", `cannot ${what}: only officers and the owner do`);
}

/** For what the owner alone may do. */
export function onlyOwner(what: string): AppError {
  return new AppError("FORBIDDEN", `cannot ${what}: only the owner does`);
}

/** A player's role in a group; null when it is no member. */
export function roleOf(groupId: GroupId, playerId: PlayerId): SQL<GroupRole | null> {
  return sql`(SELECT held.role FROM ${groupMembers} AS held
    WHERE held.group_id = ${groupId} AND held.player_id = ${playerId})`;
}

/** Whether an officer or the owner asks. */
export function isLedBy(groupId: GroupId, playerId: PlayerId): SQL {
  return sql`coalesce(${roleOf(groupId, playerId)} IN ('officer', 'owner'), 0)`;
}

/** The row of an offer that is not over, to be put behind EXISTS. */
export function offerOf(
  place: { readonly groupId: GroupId; readonly playerId: PlayerId; readonly nowMs: number },
  kind: "invitation" | "request",
): SQL {
  const { groupId, playerId, nowMs } = place;
  return sql`(SELECT 1 FROM ${groupOffers} AS offered WHERE offered.group_id = ${groupId}
    AND offered.player_id = ${playerId} AND offered.kind = ${kind}
    AND offered.expires_at_ms > ${nowMs})`;
}

/** The row of a member. */
export function isMember(groupId: GroupId, playerId: PlayerId): SQL | undefined {
  return and(eq(groupMembers.groupId, groupId), eq(groupMembers.playerId, playerId));
}

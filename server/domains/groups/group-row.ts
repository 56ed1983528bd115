import { and, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import {
  groupMembers,
  type groupOffers,
  groups,
  players,
} from "#shared/infra/db/schema/control.ts";
import { type Group, type GroupOffer, groupLimits } from "#shared/model/groups.ts";
import type { PlayerId } from "#shared/model/ids.ts";

/** To be joined by `isOwner` and `isOwnerPlayer` wherever `groupColumns` are selected. */
export const owner = alias(groupMembers, "owner");
export const ownerPlayer = alias(players, "owner_player");
export const isOwner = and(eq(owner.groupId, groups.id), eq(owner.role, "owner"));
export const isOwnerPlayer = eq(ownerPlayer.id, owner.playerId);

/** All that the API shows of a group. */
export const groupColumns = {
  group: groups,
  members: sql<number>`(SELECT count(*) FROM ${groupMembers} AS counted
    WHERE counted.group_id = ${groups.id})`,
  ownerId: owner.playerId,
  ownerName: ownerPlayer.displayName,
};

export interface GroupRow {
  readonly group: typeof groups.$inferSelect;
  readonly members: number;
  readonly ownerId: PlayerId;
  readonly ownerName: string;
}

/** A row as the API shows it. */
export function toGroup({ group, members, ownerId, ownerName }: GroupRow): Group {
  const { id, kind, name, description, admission, createdAtMs } = group;
  const { membersMax } = groupLimits[kind];
  const createdAt = new Date(createdAtMs).toISOString();
  const people = { members, membersMax, ownerId, ownerName };
  return { id, kind, name, description, admission, ...people, createdAt };
}

/** An offer as the API shows it; `displayName` is of who would become a member. */
export function toOffer(
  row: GroupRow & {
    readonly offer: typeof groupOffers.$inferSelect;
    readonly displayName: string;
  },
): GroupOffer {
  const { kind, playerId, atMs, expiresAtMs } = row.offer;
  return {
    ...{ kind, group: toGroup(row), playerId, displayName: row.displayName },
    at: new Date(atMs).toISOString(),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}

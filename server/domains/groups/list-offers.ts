import { and, asc, eq, gt } from "drizzle-orm";
import { groupOffers, groups, players } from "#shared/infra/db/schema/control.ts";
import {
  type GroupInput,
  type GroupOffer,
  type GroupOffers,
  OFFERS_OF_GROUP_MAX,
} from "#shared/model/groups.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { Actor } from "../../context.ts";
import { assertLeads, findOwnGroup, type GroupDeps } from "./find-group.ts";
import { groupColumns, isOwner, isOwnerPlayer, owner, ownerPlayer, toOffer } from "./group-row.ts";

/** The invitations and requests that a group waits for, for its officers, the oldest first. */
export async function listOffers(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<GroupOffers> {
  const { role } = await findOwnGroup(deps, groupId, playerId);
  assertLeads(role, "see invitations and requests");
  return { offers: await readOffers(deps, { groupId }) };
}

/** Those of a group, or those of a player, that are not over. */
export async function readOffers(
  { database: { orm }, clock }: GroupDeps,
  whose: Pick<GroupInput, "groupId"> | { readonly playerId: PlayerId },
): Promise<GroupOffer[]> {
  const isIts =
    "groupId" in whose
      ? eq(groupOffers.groupId, whose.groupId)
      : eq(groupOffers.playerId, whose.playerId);
  const rows = await orm
    .select({ ...groupColumns, offer: groupOffers, displayName: players.displayName })
    .from(groupOffers)
    .innerJoin(groups, eq(groups.id, groupOffers.groupId))
    .innerJoin(owner, isOwner)
    .innerJoin(ownerPlayer, isOwnerPlayer)
    .innerJoin(players, eq(players.id, groupOffers.playerId))
    .where(and(isIts, gt(groupOffers.expiresAtMs, Math.trunc(clock.wallMs()))))
    .orderBy(asc(groupOffers.atMs), asc(groupOffers.groupId), asc(groupOffers.playerId))
    .limit(OFFERS_OF_GROUP_MAX);
  return rows.map(toOffer);
}

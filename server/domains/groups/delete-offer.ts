import { and, eq, type SQL } from "drizzle-orm";
import { groupOffers } from "#shared/infra/db/schema/control.ts";
import type { DeletedOffer, GroupInput, GroupPlayerInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { assertLeads, findOwnGroup, type GroupDeps, isLedBy } from "./find-group.ts";

/** Declines an invitation of the caller, or takes its request back. */
export async function declineOffer(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<DeletedOffer> {
  return await deleteOffer(deps, { groupId, playerId });
}

/** Cancels an invitation of a group, or declines a request to it. */
export async function cancelOffer(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId }: GroupPlayerInput,
): Promise<DeletedOffer> {
  const { role } = await findOwnGroup(deps, groupId, actor.playerId);
  assertLeads(role, "cancel invitations and requests");
  return await deleteOffer(deps, { groupId, playerId }, isLedBy(groupId, actor.playerId));
}

async function deleteOffer(
  { database: { orm }, clock }: GroupDeps,
  { groupId, playerId }: GroupPlayerInput,
  allowed?: SQL,
): Promise<DeletedOffer> {
  const gone = await orm
    .delete(groupOffers)
    .where(and(eq(groupOffers.groupId, groupId), eq(groupOffers.playerId, playerId), allowed))
    .returning({ expiresAtMs: groupOffers.expiresAtMs });
  return { deleted: gone.some(({ expiresAtMs }) => expiresAtMs > clock.wallMs()) };
}

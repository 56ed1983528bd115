import { sql } from "drizzle-orm";
import { chatBlocks, players } from "#shared/infra/db/schema/control.ts";
import { AppError, type AppErrorCode } from "#shared/model/errors.ts";
import type { GroupEntry, GroupPlayerInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { admitRequester } from "./admit-requester.ts";
import { findOwnGroup, type GroupDeps, isLedBy, offerOf, roleOf } from "./find-group.ts";
import { writeOffer } from "./write-offer.ts";

const refusals = {
  rights: ["FORBIDDEN", "only officers and the owner invite"],
  player: ["NOT_FOUND", "there is no such player"],
  blocked: ["FORBIDDEN", "this player takes nothing from you"],
} as const satisfies Record<string, readonly [AppErrorCode, string]>;

/** Invites a player, who may come in as long as the invitation lasts; one who asked is let in. */
export async function invitePlayer(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId }: GroupPlayerInput,
): Promise<GroupEntry> {
  await findOwnGroup(deps, groupId, actor.playerId);
  const nowMs = Math.trunc(deps.clock.wallMs());
  const inTheWay = sql`CASE
    WHEN NOT ${isLedBy(groupId, actor.playerId)} THEN 'rights'
    WHEN NOT EXISTS (SELECT 1 FROM ${players} AS one WHERE one.id = ${playerId}) THEN 'player'
    WHEN ${roleOf(groupId, playerId)} IS NOT NULL THEN 'member'
    WHEN EXISTS ${offerOf({ groupId, playerId, nowMs }, "request")} THEN 'requested'
    WHEN EXISTS (SELECT 1 FROM ${chatBlocks} AS block
      WHERE block.player_id = ${playerId} AND block.blocked_id = ${actor.playerId}) THEN 'blocked'
  END`;
  const offer = { groupId, playerId, byPlayerId: actor.playerId, kind: "invitation" } as const;
  const found = await writeOffer(deps, { ...offer, inTheWay });
  if (found === null) return { state: "invited" };
  if (found === "member") return { state: "member" };
  if (found === "requested") return await admitRequester(deps, actor, { groupId, playerId });
  const [code, why] = isRefusal(found) ? refusals[found] : refusals.rights;
  throw new AppError(code, `cannot invite the player: ${why}`);
}

function isRefusal(found: string): found is keyof typeof refusals {
  return Object.hasOwn(refusals, found);
}

import { sql } from "drizzle-orm";
import { groups } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GroupEntry, GroupInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { admitMember, refusalOf } from "./admit-member.ts";
import { findGroup, type GroupDeps, offerOf, roleOf } from "./find-group.ts";
import { writeOffer } from "./write-offer.ts";

/** Goes into a group that is open or invites the caller, or asks one to be let in. */
export async function joinGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<GroupEntry> {
  const { group } = await findGroup(deps, groupId, playerId);
  const nowMs = Math.trunc(deps.clock.wallMs());
  const isOpen = sql`EXISTS (SELECT 1 FROM ${groups} WHERE id = ${groupId} AND admission = 'open')`;
  const isInvited = sql`EXISTS ${offerOf({ groupId, playerId, nowMs }, "invitation")}`;
  const allowed = sql`${isOpen} OR ${isInvited}`;
  const fault = await admitMember(deps, { group, playerId, allowed });
  if (fault === null) return { state: "member" };
  const why = "it takes in whom it invites; ask one of its officers";
  const message = `cannot join the ${group.kind}: ${why}`;
  const closed = new AppError("FORBIDDEN", message);
  if (fault !== "closed") throw refusalOf(fault, { kind: group.kind, closed });
  const takes = sql`EXISTS (SELECT 1 FROM ${groups} WHERE id = ${groupId}
    AND admission = 'request')`;
  const inTheWay = sql`CASE
    WHEN ${roleOf(groupId, playerId)} IS NOT NULL THEN 'member'
    WHEN NOT ${takes} THEN 'closed'
  END`;
  const offer = { groupId, playerId, byPlayerId: playerId, kind: "request" } as const;
  const found = await writeOffer(deps, { ...offer, inTheWay });
  if (found === "closed") throw closed;
  return { state: found === "member" ? "member" : "requested" };
}

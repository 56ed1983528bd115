import { sql } from "drizzle-orm";
import { AppError } from "#shared/model/errors.ts";
import type { GroupEntry, GroupPlayerInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { admitMember, refusalOf } from "./admit-member.ts";
import { assertLeads, findOwnGroup, type GroupDeps, isLedBy, offerOf } from "./find-group.ts";

/** Lets a player in who asked for it. */
export async function admitRequester(
  deps: GroupDeps,
  actor: Pick<Actor, "playerId">,
  { groupId, playerId }: GroupPlayerInput,
): Promise<GroupEntry> {
  const { group, role } = await findOwnGroup(deps, groupId, actor.playerId);
  assertLeads(role, "let players in");
  const nowMs = Math.trunc(deps.clock.wallMs());
  const asked = sql`EXISTS ${offerOf({ groupId, playerId, nowMs }, "request")}`;
  const allowed = sql`${asked} AND ${isLedBy(groupId, actor.playerId)}`;
  const fault = await admitMember(deps, { group, playerId, allowed });
  if (fault === null) return { state: "member" };
  const message = "cannot let the player in: it does not ask for it, or no more";
  throw refusalOf(fault, { kind: group.kind, closed: new AppError("NOT_FOUND", message) });
}

import { sql } from "drizzle-orm";
import { AppError } from "#shared/model/errors.ts";
import type { GroupEntry, GroupInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { admitMember, refusalOf } from "./admit-member.ts";
import { findGroup, type GroupDeps, offerOf } from "./find-group.ts";

/** Takes an invitation; without one it neither joins nor asks. */
export async function acceptInvitation(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<GroupEntry> {
  const { group } = await findGroup(deps, groupId, playerId);
  const nowMs = Math.trunc(deps.clock.wallMs());
  const allowed = sql`EXISTS ${offerOf({ groupId, playerId, nowMs }, "invitation")}`;
  const fault = await admitMember(deps, { group, playerId, allowed });
  if (fault === null) return { state: "member" };
  const message = `cannot accept the invitation: the ${group.kind} does not invite you, or no more`;
  throw refusalOf(fault, { kind: group.kind, closed: new AppError("NOT_FOUND", message) });
}

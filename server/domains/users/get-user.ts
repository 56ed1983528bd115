import { and, asc, count, eq, gt, isNotNull, isNull, or } from "drizzle-orm";
import * as tables from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GetUserInput, UserDetails } from "#shared/model/users.ts";
import type { ServerDeps } from "../../deps.ts";
import { isBannedNow } from "../auth/index.ts";
import { toMute, toUser } from "./user-row.ts";

const { bans, chatMutes, groupMembers, groups, identities } = tables;
const { placements, players, sessions, totpSecrets } = tables;

/** A player, and how it can log in and where it was. */
export async function getUser(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  { playerId }: GetUserInput,
): Promise<UserDetails> {
  const nowMs = clock.wallMs();
  const isMutedNow = or(isNull(chatMutes.endsAtMs), gt(chatMutes.endsAtMs, nowMs));
  const { kind, name } = groups;
  const { groupId, role } = groupMembers;
  const [[player], [ban], [mute], [living], factors, ways, places, memberships] = await orm.batch([
    orm.select().from(players).where(eq(players.id, playerId)),
    orm
      .select()
      .from(bans)
      .where(and(eq(bans.playerId, playerId), isBannedNow(nowMs))),
    orm
      .select()
      .from(chatMutes)
      .where(and(eq(chatMutes.playerId, playerId), isMutedNow)),
    orm
      .select({ logins: count() })
      .from(sessions)
      .where(and(eq(sessions.playerId, playerId), isNull(sessions.endedAtMs))),
    orm
      .select({ confirmedAtMs: totpSecrets.confirmedAtMs })
      .from(totpSecrets)
      .where(and(eq(totpSecrets.playerId, playerId), isNotNull(totpSecrets.confirmedAtMs))),
    orm
      .selectDistinct({ provider: identities.provider })
      .from(identities)
      .where(eq(identities.playerId, playerId)),
    orm
      .select({ worldId: placements.worldId, shardKey: placements.shardKey })
      .from(placements)
      .where(eq(placements.playerId, playerId)),
    orm
      .select({ groupId, kind, name, role })
      .from(groupMembers)
      .innerJoin(groups, eq(groups.id, groupId))
      .where(eq(groupMembers.playerId, playerId))
      .orderBy(asc(groupId)),
  ]);
  if (player === undefined) {
    throw new AppError("NOT_FOUND", `cannot find player ${playerId}: there is none`);
  }
  return {
    ...toUser(player, ban ?? null),
    logins: living?.logins ?? 0,
    hasSecondFactor: factors.length > 0,
    providers: ways.map(({ provider }) => provider),
    placements: places,
    mute: mute === undefined ? null : toMute(mute),
    groups: memberships,
  };
}

import { and, count, eq, isNotNull, isNull } from "drizzle-orm";
import * as tables from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GetUserInput, UserDetails } from "#shared/model/users.ts";
import type { ServerDeps } from "../../deps.ts";
import { isBannedNow } from "../auth/index.ts";
import { toUser } from "./user-row.ts";

const { bans, identities, placements, players, sessions, totpSecrets } = tables;

/** A player, and how it can log in and where it was. */
export async function getUser(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  { playerId }: GetUserInput,
): Promise<UserDetails> {
  const [[player], [ban], [living], factors, ways, places] = await orm.batch([
    orm.select().from(players).where(eq(players.id, playerId)),
    orm
      .select()
      .from(bans)
      .where(and(eq(bans.playerId, playerId), isBannedNow(clock.wallMs()))),
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
  };
}

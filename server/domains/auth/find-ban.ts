import { and, eq, gt, isNull, or, type Placeholder } from "drizzle-orm";
import { bans } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";

export type Ban = typeof bans.$inferSelect;

/** What holds a row of `bans` to a player whose ban is not over. */
export function isBannedNow(nowMs: number | Placeholder) {
  return or(isNull(bans.endsAtMs), gt(bans.endsAtMs, nowMs));
}

/** Throws BANNED, with the reason and the end, for a player who is. */
export async function assertNotBanned(
  { database, clock }: Pick<ServerDeps, "database" | "clock">,
  playerId: PlayerId,
): Promise<void> {
  const [ban] = await database.orm
    .select()
    .from(bans)
    .where(and(eq(bans.playerId, playerId), isBannedNow(clock.wallMs())));
  if (ban !== undefined) throw banned(ban);
}

/** The refusal, for the player. */
export function banned({ reason, endsAtMs }: Pick<Ban, "reason" | "endsAtMs">): AppError {
  const until = endsAtMs === null ? "for ever" : `until ${new Date(endsAtMs).toISOString()}`;
  return new AppError("BANNED", `cannot log in: the player is banned ${until}: ${reason}`);
}

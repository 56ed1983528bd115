import type { bans } from "#shared/infra/db/schema/control.ts";
import type { User } from "#shared/model/users.ts";
import { type PlayerRow, toPlayer } from "../players/index.ts";

type BanRow = typeof bans.$inferSelect;

/** A player with the ban that holds now, if one does. */
export function toUser(player: PlayerRow, ban: BanRow | null): User {
  return { ...toPlayer(player), ban: ban && toBan(ban) };
}

function toBan({ reason, byPlayerId, bannedAtMs, endsAtMs }: BanRow): User["ban"] {
  return {
    reason,
    byPlayerId,
    bannedAt: new Date(bannedAtMs).toISOString(),
    endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
  };
}

import type { bans, chatMutes } from "#shared/infra/db/schema/control.ts";
import type { User, UserDetails } from "#shared/model/users.ts";
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

/** A mute as staff sees it. */
export function toMute({
  reason,
  byPlayerId,
  mutedAtMs,
  endsAtMs,
}: typeof chatMutes.$inferSelect): UserDetails["mute"] {
  return {
    reason,
    byPlayerId,
    mutedAt: new Date(mutedAtMs).toISOString(),
    endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
  };
}

/** What staff may do about players. */
import { z } from "zod";
import { PlayerId } from "./ids.ts";
import { PlayerRole } from "./players.ts";

const BAN_SECONDS_MAX = 10 * 365 * 24 * 3600;

export const SetRoleInput = z.object({ playerId: PlayerId, role: PlayerRole });
export type SetRoleInput = z.infer<typeof SetRoleInput>;

export const BanInput = z.object({
  playerId: PlayerId,
  reason: z.string().trim().min(1, "must not be empty").max(200).meta({
    description: "For the player",
  }),
  seconds: z
    .number()
    .int()
    .min(1)
    .max(BAN_SECONDS_MAX)
    .optional()
    .meta({ description: "Without it the ban has no end" }),
});
export type BanInput = z.infer<typeof BanInput>;

export const UnbanInput = z.object({ playerId: PlayerId });
export type UnbanInput = z.infer<typeof UnbanInput>;

/** Answer of users.ban. */
export const Banned = z.object({ banned: z.literal(true), endsAt: z.iso.datetime().nullable() });
export type Banned = z.infer<typeof Banned>;

/** Answer of users.unban. */
export const Unbanned = z.object({
  unbanned: z.boolean().meta({ description: "False when there was no ban" }),
});
export type Unbanned = z.infer<typeof Unbanned>;

/** What staff may do about players. */
import { z } from "zod";
import { GroupKind, GroupRole } from "./groups.ts";
import { GroupId, PlayerId, ShardKey, WorldId } from "./ids.ts";
import { Player, PlayerRole } from "./players.ts";

const BAN_SECONDS_MAX = 10 * 365 * 24 * 3600;

/** Why staff did something, for the audit log. */
const AuditReason = z.string().trim().max(200).meta({ description: "For the audit log" });

export const SetRoleInput = z.object({
  playerId: PlayerId,
  role: PlayerRole,
  reason: AuditReason.default(""),
});
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

export const KickInput = BanInput.pick({ playerId: true, reason: true });
export type KickInput = z.infer<typeof KickInput>;

export const UnbanInput = z.object({ playerId: PlayerId, reason: AuditReason.default("") });
export type UnbanInput = z.infer<typeof UnbanInput>;

/** Answer of users.ban. */
export const Banned = z.object({ banned: z.literal(true), endsAt: z.iso.datetime().nullable() });
export type Banned = z.infer<typeof Banned>;

/** Answer of users.unban. */
export const Unbanned = z.object({
  unbanned: z.boolean().meta({ description: "False when there was no ban" }),
});
export type Unbanned = z.infer<typeof Unbanned>;

/** In a query string it is a word; a pipe, for the OpenAPI generator takes no plain union there. */
const Flag = z
  .union([z.boolean(), z.enum(["true", "false"])])
  .transform((given) => given === true || given === "true");

/** Whom to look for, the newest account first. */
export const SearchUsersInput = z.object({
  query: z.string().trim().min(1).max(64).optional().meta({
    description: "An id, or part of a username or display name, whatever the case",
  }),
  role: PlayerRole.optional(),
  guest: Flag.optional(),
  banned: Flag.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: PlayerId.optional().meta({ description: "Where an earlier answer ended" }),
});
export type SearchUsersInput = z.infer<typeof SearchUsersInput>;

const Ban = z.object({
  reason: z.string(),
  byPlayerId: PlayerId,
  bannedAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
});

const Mute = z.object({
  reason: z.string(),
  byPlayerId: PlayerId,
  mutedAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
});

/** A player as staff sees it. */
export const User = Player.extend({
  ban: Ban.nullable().meta({ description: "Null when it is over" }),
}).meta({ id: "User" });
export type User = z.infer<typeof User>;

/** Answer of users.search. */
export const UserPage = z.object({ users: z.array(User), nextCursor: PlayerId.nullable() });
export type UserPage = z.infer<typeof UserPage>;

export const GetUserInput = z.object({ playerId: PlayerId });
export type GetUserInput = z.infer<typeof GetUserInput>;

/** Answer of users.get: no addresses, no secrets. */
export const UserDetails = User.extend({
  logins: z.number().int().meta({ description: "That live now" }),
  hasSecondFactor: z.boolean(),
  providers: z.array(z.string()).meta({ description: "Ways to log in besides a password" }),
  placements: z
    .array(z.object({ worldId: WorldId, shardKey: ShardKey }))
    .meta({ description: "Where it was sent last in each world" }),
  mute: Mute.nullable().meta({ description: "Null when there is none, or it is over" }),
  groups: z.array(
    z.object({ groupId: GroupId, kind: GroupKind, name: z.string(), role: GroupRole }),
  ),
}).meta({ id: "UserDetails" });
export type UserDetails = z.infer<typeof UserDetails>;

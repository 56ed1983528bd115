/** Players as everyone may see them, and what they may call themselves. */
import { z } from "zod";
import { PlayerId } from "./ids.ts";
import { visibleName } from "./visible-name.ts";

export const PLAYER_ROLES = ["player", "moderator", "admin"] as const;

/** What a player may do; each role may do what the ones before it may. */
export const PlayerRole = z.enum(PLAYER_ROLES);
export type PlayerRole = z.infer<typeof PlayerRole>;

/** The name over a player's head: 1 to 24 visible characters; spaces are tidied. */
export const DisplayName = visibleName(1, 24).meta({
  description: "1 to 24 visible characters",
  examples: ["Ada"],
});
export type DisplayName = z.infer<typeof DisplayName>;

/** A player. */
export const Player = z
  .object({
    id: PlayerId,
    username: z.string().nullable().meta({ description: "Null for guests" }),
    displayName: z.string(),
    role: PlayerRole,
    guest: z.boolean(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: "Player" });
export type Player = z.infer<typeof Player>;

/** Input of players.rename. */
export const RenamePlayerInput = z.object({ displayName: DisplayName });
export type RenamePlayerInput = z.infer<typeof RenamePlayerInput>;

/** Players as everyone may see them, and what they may call themselves. */
import { z } from "zod";
import { PlayerId } from "./ids.ts";

export const PLAYER_ROLES = ["player", "moderator", "admin"] as const;

/** What a player may do; each role may do what the ones before it may. */
export const PlayerRole = z.enum(PLAYER_ROLES);
export type PlayerRole = z.infer<typeof PlayerRole>;

/**
 * Control characters, halves of surrogate pairs, separators, marks that turn the writing direction,
 * fillers and blanks; not the selector that makes a sign an emoji.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]--[\uFE0F]]/v;
/** What is seen by itself: marks alone are not. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** The name over a player's head: 1 to 24 visible characters; spaces are tidied. */
export const DisplayName = z
  .string()
  .max(200, "must be at most 24 characters long")
  .transform((name) => name.normalize("NFC").trim().replace(/\s+/gu, " "))
  .pipe(
    z
      .string()
      .min(1, "must not be empty")
      .refine((name) => [...name].length <= 24, "must be at most 24 characters long")
      .refine((name) => !INVISIBLE.test(name), "must not contain invisible characters")
      .refine((name) => VISIBLE.test(name), "must contain a letter, a digit or a sign"),
  )
  .meta({ description: "1 to 24 visible characters", examples: ["Ada"] });
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

/** Logging in: what is asked and what is given. */
import { z } from "zod";
import { DisplayName, Player } from "./players.ts";

/** Unique whatever the case: 3 to 24 of letters, digits, `_` and `-`. */
export const Username = z
  .string()
  .min(3, "must be at least 3 characters long")
  .max(24, "must be at most 24 characters long")
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]*$/,
    "must consist of letters, digits, _ and -, starting with a letter",
  )
  .meta({ examples: ["ada"] });
export type Username = z.infer<typeof Username>;

/** At least 10 characters and at most 512 bytes; length beats rules about kinds of characters. */
export const Password = z
  .string()
  .min(10, "must be at least 10 characters long")
  .max(512, "must be at most 512 bytes long")
  .refine((text) => new TextEncoder().encode(text).length <= 512, "must be at most 512 bytes long")
  .refine((text) => new Set(text).size >= 4, "must have at least 4 different characters")
  .meta({ examples: ["correct horse battery"] });
export type Password = z.infer<typeof Password>;

/** Opaque to clients. */
export const RefreshToken = z.string().min(1).max(200);

export const RegisterInput = z
  .object({ username: Username, password: Password, displayName: DisplayName.optional() })
  .refine((input) => !isLike(input.password, input.username), {
    path: ["password"],
    message: "must not contain the username",
  });
export type RegisterInput = z.infer<typeof RegisterInput>;

/** Not checked against the rules of today: an old password must stay usable. */
export const LogInInput = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(512),
});
export type LogInInput = z.infer<typeof LogInInput>;

export const GuestInput = z.object({ displayName: DisplayName.optional() });
export type GuestInput = z.infer<typeof GuestInput>;

export const RefreshInput = z.object({ refreshToken: RefreshToken });
export type RefreshInput = z.infer<typeof RefreshInput>;

export const LogOutInput = z.object({ refreshToken: RefreshToken });
export type LogOutInput = z.infer<typeof LogOutInput>;

/** A login: the access token goes with each request, the refresh token gets the next pair. */
export const Credentials = z
  .object({
    player: Player,
    accessToken: z.string().meta({ description: "For the header Authorization: Bearer" }),
    accessExpiresAt: z.iso.datetime(),
    refreshToken: z.string().meta({ description: "Single use: auth.refresh returns the next" }),
  })
  .meta({ id: "Credentials" });
export type Credentials = z.infer<typeof Credentials>;

/** Answer of auth.logOut. */
export const LoggedOut = z.object({ loggedOut: z.literal(true) });
export type LoggedOut = z.infer<typeof LoggedOut>;

function isLike(password: string, username: string): boolean {
  return password.toLowerCase().includes(username.toLowerCase());
}

/** Logging in: what is asked and what is given. */
import { z } from "zod";
import { SessionId } from "./ids.ts";
import { DisplayName, Player } from "./players.ts";

/** Why a login ended. */
export const SESSION_ENDS = [
  "logged out",
  "logged out everywhere",
  "ended from another login",
  "password changed",
  "password reset",
  "token reused",
  "banned",
] as const;
export type SessionEnd = (typeof SESSION_ENDS)[number];

/** Logins that a player sees in the list of its own; the oldest are left out. */
export const SESSIONS_LISTED_MAX = 100;

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

const OWN_NAME = { path: ["password"], message: "must not contain the username" };

/** Opaque to clients. */
export const RefreshToken = z.string().min(1).max(200);

export const RegisterInput = z
  .object({ username: Username, password: Password, displayName: DisplayName.optional() })
  .refine((input) => !isLike(input.password, input.username), OWN_NAME);
export type RegisterInput = z.infer<typeof RegisterInput>;

/** Not checked against the rules of today: an old password must stay usable. */
export const LogInInput = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(512),
  code: z
    .string()
    .min(1)
    .max(20)
    .optional()
    .meta({ description: "Of the telephone, or a recovery code; asked for when there is one" }),
});
export type LogInInput = z.infer<typeof LogInInput>;

/**
 * Made by the client at random, kept on the device and sent to nobody else: whoever has it is the
 * player. Never a number that the maker of the device gave it.
 */
export const DeviceKey = z
  .string()
  .min(32, "must be at least 32 characters long")
  .max(128, "must be at most 128 characters long")
  .regex(/^[A-Za-z0-9_-]+$/, "must consist of letters, digits, _ and -")
  .refine((text) => new Set(text).size >= 10, "must be random: too few different characters")
  .meta({ description: "At least 32 random characters, such as 24 random bytes in base64url" });
export type DeviceKey = z.infer<typeof DeviceKey>;

export const LogInDeviceInput = z.object({
  deviceKey: DeviceKey,
  displayName: DisplayName.optional().meta({ description: "For a device that is new here" }),
});
export type LogInDeviceInput = z.infer<typeof LogInDeviceInput>;

export const LinkDeviceInput = z.object({ deviceKey: DeviceKey });
export type LinkDeviceInput = z.infer<typeof LinkDeviceInput>;

/** Answer of auth.linkDevice. */
export const LinkedDevice = z.object({ linked: z.literal(true) });
export type LinkedDevice = z.infer<typeof LinkedDevice>;

/** Answer of auth.unlinkDevices: how many there were. */
export const UnlinkedDevices = z.object({ unlinked: z.number().int() });
export type UnlinkedDevices = z.infer<typeof UnlinkedDevices>;

/** What the first start's link is good for. */
export const SetUpInput = z
  .object({ token: z.string().min(1).max(200), username: Username, password: Password })
  .refine((input) => !isLike(input.password, input.username), OWN_NAME);
export type SetUpInput = z.infer<typeof SetUpInput>;

/** What turns a guest into an account. */
export const UpgradeInput = z
  .object({ username: Username, password: Password })
  .refine((input) => !isLike(input.password, input.username), OWN_NAME);
export type UpgradeInput = z.infer<typeof UpgradeInput>;

export const ChangePasswordInput = z.object({
  currentPassword: z.string().min(1).max(512),
  newPassword: Password,
});
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** One login of the caller. */
export const Session = z
  .object({
    id: SessionId,
    device: z.string().meta({ description: "What the client called itself" }),
    createdAt: z.iso.datetime(),
    seenAt: z.iso.datetime().meta({ description: "Of the login or its last refresh" }),
    current: z.boolean().meta({ description: "The one that asks" }),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

/** The newest 100. */
export const SessionList = z.object({ sessions: z.array(Session) });
export type SessionList = z.infer<typeof SessionList>;

export const EndSessionInput = z.object({ sessionId: SessionId });
export type EndSessionInput = z.infer<typeof EndSessionInput>;

/** Logins that one question of auth.listEndedSessions may name. */
export const ENDED_ASKED_MAX = 300;
/** Ends that one answer tells. */
export const ENDED_TOLD_MAX = 500;

export const BeginTotpInput = z.object({ password: z.string().min(1).max(512) });
export type BeginTotpInput = z.infer<typeof BeginTotpInput>;

/** Answer of auth.beginTotp: what the telephone is given. */
export const BegunTotp = z.object({
  secret: z.string().meta({ description: "base32, to be typed" }),
  uri: z.string().meta({ description: "otpauth://, to be shown as a QR code" }),
});
export type BegunTotp = z.infer<typeof BegunTotp>;

export const ConfirmTotpInput = z.object({ code: z.string().regex(/^\d{6}$/, "must be 6 digits") });
export type ConfirmTotpInput = z.infer<typeof ConfirmTotpInput>;

/** Answer of auth.confirmTotp. */
export const ConfirmedTotp = z.object({
  recoveryCodes: z.array(z.string()).meta({ description: "Shown this once; each is good once" }),
});
export type ConfirmedTotp = z.infer<typeof ConfirmedTotp>;

export const DisableTotpInput = z.object({
  password: z.string().min(1).max(512),
  code: z.string().min(1).max(20),
});
export type DisableTotpInput = z.infer<typeof DisableTotpInput>;

/** Answer of auth.disableTotp. */
export const DisabledTotp = z.object({ disabled: z.literal(true) });
export type DisabledTotp = z.infer<typeof DisabledTotp>;

export const RotateKeysInput = z.object({
  atOnce: z.boolean().default(false).meta({
    description: "For a key that has leaked: what it signed is worth nothing from now on",
  }),
});
export type RotateKeysInput = z.infer<typeof RotateKeysInput>;

/** The keys that verify tokens, the newest first. */
export const KeyList = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      signsFrom: z.iso.datetime(),
      retiresAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type KeyList = z.infer<typeof KeyList>;

/** What a shard asks about logins. Ids are as its tickets said. */
export const EndedSessionsInput = z.object({
  since: z
    .number()
    .int()
    .min(0)
    .nullable()
    .meta({ description: "The cursor of the last answer; null tells nothing but the cursor" }),
  sessions: z
    .array(z.object({ sessionId: z.string().max(36), playerId: z.string().max(36) }))
    .max(ENDED_ASKED_MAX)
    .meta({ description: "Logins about which it was not told yet" }),
});
export type EndedSessionsInput = z.infer<typeof EndedSessionsInput>;

/** Answer of auth.listEndedSessions. */
export const EndedSessions = z.object({
  cursor: z.number().int(),
  ended: z.array(z.object({ sessionId: z.string(), playerId: z.string(), reason: z.string() })),
  more: z.boolean().meta({ description: "Ask again at once" }),
  missed: z.boolean().meta({ description: "Ends were forgotten since: name all logins anew" }),
});
export type EndedSessions = z.infer<typeof EndedSessions>;

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

/** Answer of auth.createStreamTicket: opens one stream, once, within 30 s. */
export const StreamTicket = z.object({
  /** For the address of the stream: `connectionParams={"ticket":"…"}`. */
  ticket: z.string(),
  expiresAt: z.iso.datetime(),
});
export type StreamTicket = z.infer<typeof StreamTicket>;

/** Answer of auth.logOut. */
export const LoggedOut = z.object({ loggedOut: z.literal(true) });
export type LoggedOut = z.infer<typeof LoggedOut>;

function isLike(password: string, username: string): boolean {
  return password.toLowerCase().includes(username.toLowerCase());
}

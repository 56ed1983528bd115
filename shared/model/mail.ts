/** Addresses of players, and what mails are for. */
import { z } from "zod";
import { Password } from "./auth.ts";

/** What a mail is for: to prove an address, or to set another password. */
export const MAIL_KINDS = ["verify", "reset"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** ASCII and one @, as mail programs and people write them. */
export const EmailAddress = z
  .string()
  .trim()
  .max(254, "must be at most 254 characters long")
  .pipe(z.email("must be an address such as ada@example.com"))
  .meta({ examples: ["ada@example.com"] });
export type EmailAddress = z.infer<typeof EmailAddress>;

/** Of a link in a mail. */
const MailToken = z.string().min(1).max(200);

export const SetEmailInput = z.object({
  email: EmailAddress,
  password: z.string().min(1).max(512).meta({ description: "The caller's, as a proof" }),
});
export type SetEmailInput = z.infer<typeof SetEmailInput>;

export const VerifyEmailInput = z.object({ token: MailToken });
export type VerifyEmailInput = z.infer<typeof VerifyEmailInput>;

export const RequestResetInput = z.object({ email: EmailAddress });
export type RequestResetInput = z.infer<typeof RequestResetInput>;

export const ResetPasswordInput = z.object({ token: MailToken, password: Password });
export type ResetPasswordInput = z.infer<typeof ResetPasswordInput>;

/** The same for every address: whether somebody has it is told to its owner alone, by mail. */
export const MailAccepted = z.object({ accepted: z.literal(true) });
export type MailAccepted = z.infer<typeof MailAccepted>;

/** Answer of auth.verifyEmail. */
export const EmailVerified = z.object({ verified: z.literal(true) });
export type EmailVerified = z.infer<typeof EmailVerified>;

/** Answer of auth.resetPassword. */
export const PasswordReset = z.object({ reset: z.literal(true) });
export type PasswordReset = z.infer<typeof PasswordReset>;

/** Logging in by what somebody else vouches for. */
import { z } from "zod";

const Link = z
  .boolean()
  .default(false)
  .meta({ description: "Make the caller, who sends an access token, this person from now on" });

/** Answer of auth.listProviders. */
export const ProviderList = z.object({
  openId: z.boolean().meta({ description: "auth.beginOidc leads to a provider" }),
  strategies: z.array(z.string()).meta({ description: "What auth.logInWith takes" }),
});
export type ProviderList = z.infer<typeof ProviderList>;

export const BeginOidcInput = z.object({
  redirectUrl: z.url().max(2_000).meta({ description: "Where the person comes back to" }),
});
export type BeginOidcInput = z.infer<typeof BeginOidcInput>;

/** Answer of auth.beginOidc. */
export const BegunOidc = z.object({
  url: z.string().meta({ description: "To be opened in a browser" }),
  flow: z.string().meta({ description: "Kept by the client, and sent with auth.finishOidc" }),
});
export type BegunOidc = z.infer<typeof BegunOidc>;

export const FinishOidcInput = z.object({
  flow: z.string().min(1).max(200),
  callbackUrl: z.url().max(8_000).meta({ description: "The address after the sign-in, whole" }),
  link: Link,
});
export type FinishOidcInput = z.infer<typeof FinishOidcInput>;

export const LogInWithInput = z.object({
  strategy: z
    .string()
    .min(1)
    .max(32)
    .meta({ examples: ["jwt"] }),
  proof: z.string().min(1).max(8_000).meta({ description: "Such as the access token of there" }),
  link: Link,
});
export type LogInWithInput = z.infer<typeof LogInWithInput>;

import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { AppError } from "#shared/model/errors.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { IdentityStrategy, ProvenPerson } from "./identity-strategy.ts";

/** Signatures only; with a shared secret, whoever can check a token could make one. */
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const KEYS_MS_MAX = 5_000;

export interface JwtStrategyOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's public keys are. */
  readonly keysUrl: string;
  readonly clock: Clock;
}

/** What Supabase and others like it say of a person. */
const Payload = z.looseObject({
  sub: z.string().min(1).max(200),
  name: z.string().optional().catch(undefined),
  is_anonymous: z.boolean().optional().catch(undefined),
  user_metadata: z
    .looseObject({ name: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/**
 * Believes access tokens of another system by its published keys: those of Supabase Auth, Auth0,
 * Keycloak and the like, which a client of theirs holds after its own login.
 */
export function createJwtStrategy(options: JwtStrategyOptions): IdentityStrategy {
  const { issuer, audience, keysUrl, clock } = options;
  const keys = createRemoteJWKSet(new URL(keysUrl), { timeoutDuration: KEYS_MS_MAX });
  return {
    name: "jwt",
    provider: `jwt ${issuer}`,
    prove: (proof) => proveJwt(proof, keys, { issuer, audience, clock }),
  };
}

async function proveJwt(
  proof: string,
  keys: JWTVerifyGetKey,
  { issuer, audience, clock }: Pick<JwtStrategyOptions, "issuer" | "audience" | "clock">,
): Promise<ProvenPerson> {
  try {
    const { payload } = await jwtVerify(proof, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ["sub", "exp"],
      currentDate: new Date(clock.wallMs()),
    });
    const { sub, name, is_anonymous, user_metadata } = Payload.parse(payload);
    return {
      subject: sub,
      name: user_metadata?.name ?? name,
      anonymous: is_anonymous ?? false,
    };
  } catch (cause) {
    throw isUnreachable(cause)
      ? new AppError(
          "UNAVAILABLE",
          "cannot log in: the identity provider's keys are out of reach; try again in a moment",
          { cause, retryAfterSeconds: 5 },
        )
      : new AppError(
          "CREDENTIALS_WRONG",
          "cannot log in: the token has expired, or is not one of the identity provider's for " +
            "this deployment",
          { cause },
        );
  }
}

/** Everything but a verdict on the token. */
function isUnreachable(cause: unknown): boolean {
  if (cause instanceof errors.JWKSTimeout) return true;
  return !(cause instanceof errors.JOSEError || cause instanceof z.ZodError);
}

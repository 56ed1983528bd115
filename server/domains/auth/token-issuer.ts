/** Signed tokens: what they say, for how long, and what is believed. */
import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { z } from "zod";
import { AppError } from "#shared/model/errors.ts";
import { PlayerId, SessionId, type ShardKey } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import { ALGORITHM, type LiveKey, type SigningKeys } from "./signing-keys.ts";
import { type VerifiedToken, VerifiedTokens } from "./verified-tokens.ts";

const ACCESS_TOKEN_SECONDS = 15 * 60;
const TICKET_SECONDS = 30;

const ISSUER = "tessera";
const API_AUDIENCE = "tessera-api";
const ACCESS_TYPE = "tessera-access+jwt";
const TICKET_TYPE = "tessera-ticket+jwt";

export interface IssuedToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

export interface AccessClaims {
  readonly playerId: PlayerId;
  readonly sessionId: SessionId;
}

export interface TokenIssuer {
  issueAccess(claims: AccessClaims): Promise<IssuedToken>;
  /** Lets a player into one shard, once, within 30 s. */
  issueTicket(claims: {
    playerId: PlayerId;
    /** With whose end the game session ends. */
    sessionId: SessionId;
    name: string;
    shardKey: ShardKey;
  }): Promise<IssuedToken>;
  /** Throws AppError TOKEN_EXPIRED or UNAUTHORIZED. */
  verifyAccess(token: string): Promise<AccessClaims>;
  /** The public keys, for those who verify. */
  readKeySet(): Promise<JSONWebKeySet>;
}

type LocalKeySet = ReturnType<typeof createLocalJWKSet>;

const AccessPayload = z.object({ sub: PlayerId, sid: SessionId, exp: z.int() });

/** Issues and verifies by whichever keys are live. */
export function createTokenIssuer(keys: SigningKeys, clock: Clock): TokenIssuer {
  async function sign(type: string, payload: JWTPayload, seconds: number): Promise<IssuedToken> {
    const issuedAt = Math.floor(clock.wallMs() / 1000);
    const { id: kid, privateKey } = await keys.signer();
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: type, kid })
      .setIssuer(ISSUER)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(privateKey);
    return { token, expiresAtMs: (issuedAt + seconds) * 1000 };
  }

  const readKeySet = async () => ({ keys: (await keys.live()).map((key) => key.publicJwk) });

  const verified = new VerifiedTokens();

  // Keys are imported once for as long as the same ones are live, not for each token.
  let imported: { readonly ids: string; readonly find: LocalKeySet } | undefined;
  function keySetOf(live: readonly LiveKey[]): LocalKeySet {
    const ids = live.map(({ id }) => id).join();
    if (imported?.ids !== ids) {
      imported = { ids, find: createLocalJWKSet({ keys: live.map((key) => key.publicJwk) }) };
    }
    return imported.find;
  }

  return {
    readKeySet,
    issueAccess: ({ playerId, sessionId }) =>
      sign(ACCESS_TYPE, { sub: playerId, sid: sessionId, aud: API_AUDIENCE }, ACCESS_TOKEN_SECONDS),
    issueTicket: ({ playerId, sessionId, name, shardKey }) =>
      sign(
        TICKET_TYPE,
        { sub: playerId, sid: sessionId, name, aud: shardKey, jti: crypto.randomUUID() },
        TICKET_SECONDS,
      ),
    async verifyAccess(token) {
      try {
        const live = await keys.live();
        const nowMs = clock.wallMs();
        const known = verified.find(token);
        if (known !== undefined && isStillGood(known, live, nowMs)) return known;
        verified.delete(token);
        const fresh = await verify(token, keySetOf(live), nowMs);
        verified.add(token, fresh);
        return fresh;
      } catch (cause) {
        throw refuse(cause);
      }
    },
  };
}

/** The algorithm is fixed here: what the token says about it only has to agree. */
async function verify(token: string, findKey: LocalKeySet, nowMs: number): Promise<VerifiedToken> {
  const { payload, protectedHeader } = await jwtVerify(token, findKey, {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: API_AUDIENCE,
    typ: ACCESS_TYPE,
    requiredClaims: ["sub", "sid", "exp", "iat"],
    currentDate: new Date(nowMs),
  });
  const { sub, sid, exp } = AccessPayload.parse(payload);
  const keyId = z.string().parse(protectedHeader.kid);
  return { playerId: sub, sessionId: sid, keyId, expiresAtMs: exp * 1000 };
}

/** What can change about a token whose signature was right. */
function isStillGood(
  { keyId, expiresAtMs }: VerifiedToken,
  live: readonly LiveKey[],
  nowMs: number,
): boolean {
  return nowMs < expiresAtMs && live.some(({ id }) => id === keyId);
}

function refuse(cause: unknown): AppError {
  if (cause instanceof errors.JWTExpired) {
    return new AppError(
      "TOKEN_EXPIRED",
      "cannot accept the access token: it has expired; get a new one from auth.refresh",
      { cause },
    );
  }
  return new AppError(
    "UNAUTHORIZED",
    "cannot accept the access token: it is not one of this deployment; log in again",
    { cause },
  );
}

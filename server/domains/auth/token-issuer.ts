/**
 * Signed tokens: Ed25519 keys from the control database; the only file of the server that knows
 * jose.
 */
import { desc, isNull } from "drizzle-orm";
import {
  createLocalJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";
import { z } from "zod";
import { signingKeys } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import { PlayerId, SessionId, type ShardKey } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";

const ACCESS_TOKEN_SECONDS = 15 * 60;
const TICKET_SECONDS = 30;

const ISSUER = "tessera";
const API_AUDIENCE = "tessera-api";
const ACCESS_TYPE = "tessera-access+jwt";
const TICKET_TYPE = "tessera-ticket+jwt";
const ALGORITHM = "EdDSA";

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
  readonly keySet: JSONWebKeySet;
}

const AccessPayload = z.object({ sub: PlayerId, sid: SessionId });

/** Reads the keys of the deployment, making the first one when there is none. */
export async function createTokenIssuer(
  database: ControlDatabase,
  clock: Clock,
): Promise<TokenIssuer> {
  const rows = await readKeys(database, clock);
  const newest = rows[0];
  if (newest === undefined) throw new Error("cannot issue tokens: there is no signing key");
  const privateKey = await importJWK(JSON.parse(newest.privateJwk), ALGORITHM);
  if (privateKey instanceof Uint8Array) {
    throw new Error(`cannot issue tokens: signing key ${newest.id} is no private key`);
  }
  const { id: kid } = newest;
  const keySet: JSONWebKeySet = { keys: rows.map((row) => JSON.parse(row.publicJwk)) };
  const findKey = createLocalJWKSet(keySet);

  async function sign(type: string, payload: JWTPayload, seconds: number): Promise<IssuedToken> {
    const issuedAt = Math.floor(clock.wallMs() / 1000);
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: type, kid })
      .setIssuer(ISSUER)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .sign(privateKey);
    return { token, expiresAtMs: (issuedAt + seconds) * 1000 };
  }

  return {
    keySet,
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
        // The algorithm is fixed here: what the token says about it only has to agree.
        const { payload } = await jwtVerify(token, findKey, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: API_AUDIENCE,
          typ: ACCESS_TYPE,
          requiredClaims: ["sub", "sid", "exp", "iat"],
          currentDate: new Date(clock.wallMs()),
        });
        const { sub, sid } = AccessPayload.parse(payload);
        return { playerId: sub, sessionId: sid };
      } catch (cause) {
        throw refuse(cause);
      }
    },
  };
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

async function readKeys(database: ControlDatabase, clock: Clock) {
  const select = () =>
    database.orm
      .select()
      .from(signingKeys)
      .where(isNull(signingKeys.retiredAtMs))
      .orderBy(desc(signingKeys.createdAtMs), desc(signingKeys.id));
  const rows = await select();
  if (rows.length > 0) return rows;
  const pair = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
  const id = crypto.randomUUID();
  const common = { alg: ALGORITHM, use: "sig", kid: id };
  await database.orm.insert(signingKeys).values({
    id,
    privateJwk: JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...common }),
    publicJwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), ...common }),
    createdAtMs: clock.wallMs(),
  });
  return select();
}

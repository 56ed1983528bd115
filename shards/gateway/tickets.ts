import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { GoodbyeReason } from "#proto/frame_pb.ts";

/** What a good join ticket says. */
export interface Ticket {
  id: string;
  playerId: string;
  /** The login that it was given to, if it says so. */
  loginId?: string | undefined;
  name: string;
  expiresMs: number;
}

export type TicketResult =
  | { ok: true; ticket: Ticket }
  | { ok: false; reason: GoodbyeReason; message: string };

/** Where the server's public keys are: its address for them, or the keys themselves. */
export type KeySource = { url: string } | { keys: JSONWebKeySet };

/** Finds the key that a token names. */
export function openKeys(source: KeySource): JWTVerifyGetKey {
  if (!("url" in source)) return createLocalJWKSet(source.keys);
  return createRemoteJWKSet(new URL(source.url), {
    cacheMaxAge: KEYS_AGE_MS_MAX,
    cooldownDuration: KEYS_COOLDOWN_MS,
  });
}

export interface TicketVerifierOptions {
  /** Finds the server's public key for a token, e.g. jose's createRemoteJWKSet. */
  keys: JWTVerifyGetKey;
  shardKey: string;
  wallMs: () => number;
}

/** A key that has leaked and was retired at once is not believed for longer. */
const KEYS_AGE_MS_MAX = 60_000;
/** Tickets that name an unknown key make the shard look for it, no more often than this. */
const KEYS_COOLDOWN_MS = 2_000;

/** Longest name that a ticket may carry. */
const NAME_LENGTH_MAX = 64;

/** Of a UUID. */
const LOGIN_ID_LENGTH_MAX = 36;

/** Checks a join ticket: made by the server, for this shard, not expired. */
export async function verifyTicket(
  token: string,
  options: TicketVerifierOptions,
): Promise<TicketResult> {
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      algorithms: ["EdDSA"],
      typ: "tessera-ticket+jwt",
      issuer: "tessera",
      audience: options.shardKey,
      requiredClaims: ["sub", "jti", "exp", "iat"],
      currentDate: new Date(options.wallMs()),
    });
    const { sub, jti, exp, name, sid } = payload;
    if (sub === undefined || jti === undefined || exp === undefined) return INVALID;
    if (sid !== undefined && !isLoginId(sid)) return INVALID;
    if (typeof name !== "string" || name === "" || name.length > NAME_LENGTH_MAX) return INVALID;
    // Half a surrogate pair is lost in the journal: the world must not have it either.
    const named = { playerId: sub, name: name.toWellFormed() };
    return { ok: true, ticket: { id: jti, ...named, loginId: sid, expiresMs: exp * 1_000 } };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return EXPIRED;
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return INVALID;
    return UNCHECKED;
  }
}

function isLoginId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LOGIN_ID_LENGTH_MAX;
}

const INVALID: TicketResult = {
  ok: false,
  reason: GoodbyeReason.TICKET_INVALID,
  message: "cannot join: the ticket is not valid for this shard; ask worlds.join for a new one",
};
const EXPIRED: TicketResult = {
  ok: false,
  reason: GoodbyeReason.TICKET_EXPIRED,
  message: "cannot join: the ticket is older than 30 s; ask worlds.join for a new one",
};
const UNCHECKED: TicketResult = {
  ok: false,
  reason: GoodbyeReason.TICKET_INVALID,
  message: "cannot join: the server's keys are out of reach; try again in a moment",
};

/** What a procedure knows about its caller, made once for each request. */

import { hasBearer, readBearer } from "#shared/infra/bearer.ts";
import type { PlayerId, SessionId } from "#shared/model/ids.ts";
import type { PlayerRole } from "#shared/model/players.ts";
import type { ServerDeps } from "./deps.ts";
import type { RequestQuota } from "./limits/request-limits.ts";

const DEVICE_LENGTH_MAX = 200;

/** A logged-in player. */
export interface Actor {
  readonly playerId: PlayerId;
  readonly sessionId: SessionId;
  readonly role: PlayerRole;
  readonly displayName: string;
  /** This login was with one. */
  readonly secondFactor: boolean;
  /** The player has set one up. */
  readonly hasSecondFactor: boolean;
}

/** From where and with what a request comes. */
export interface Caller {
  /** For limits. */
  readonly address: string;
  /** What the client calls itself, for the player's list of logins. */
  readonly device: string;
}

export interface Context {
  readonly deps: ServerDeps;
  /** Null without a token. */
  readonly actor: Actor | null;
  /** Why the token that came was not believed. */
  readonly refusal: Error | null;
  /** The caller is a process of this deployment. */
  readonly service: boolean;
  readonly caller: Caller;
}

export interface ContextParts {
  readonly address: string;
  readonly quota: RequestQuota;
  /** What opens a stream in place of a token. */
  readonly ticket?: string | undefined;
}

/**
 * Reads who calls, and throws when there are too many of their calls. A token that cannot be
 * believed is told only where a login is needed.
 */
export async function createContext(
  deps: ServerDeps,
  request: Request,
  { address, quota, ticket }: ContextParts,
): Promise<Context> {
  const caller = { address, device: readDevice(request) };
  const nobody = { deps, actor: null, refusal: null, service: false, caller };
  const token = readBearer(request);
  if (token !== undefined && hasBearer(request, deps.clusterSecret)) {
    return { ...nobody, service: true };
  }
  // Counted before a token costs anything.
  await quota.takeAddress(address);
  if (token === undefined && ticket === undefined) return nobody;
  const { actor, refusal } = await readActor(deps, { token, ticket });
  if (actor !== null) await quota.takeAccount(actor.playerId);
  return { ...nobody, actor, refusal };
}

async function readActor(
  deps: ServerDeps,
  { token, ticket = "" }: { token: string | undefined; ticket: string | undefined },
): Promise<Pick<Context, "actor" | "refusal">> {
  try {
    const actor = token === undefined ? deps.authenticateTicket(ticket) : deps.authenticate(token);
    return { actor: await actor, refusal: null };
  } catch (error) {
    return { actor: null, refusal: error instanceof Error ? error : new Error(String(error)) };
  }
}

function readDevice(request: Request): string {
  return (request.headers.get("user-agent") ?? "").slice(0, DEVICE_LENGTH_MAX).toWellFormed();
}

import { streamTickets } from "#shared/infra/db/schema/control.ts";
import type { StreamTicket } from "#shared/model/auth.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { createRefreshToken } from "./refresh-token.ts";

/** A stream's address is written down in many places; what stands in it is soon worth nothing. */
export const STREAM_TICKET_MS = 30_000;

/** For browsers, whose `EventSource` sends no headers: opens one stream as the caller, once. */
export async function createStreamTicket(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  { playerId, sessionId }: Actor,
): Promise<StreamTicket> {
  const { token, hash } = createRefreshToken();
  const expiresAtMs = Math.trunc(clock.wallMs()) + STREAM_TICKET_MS;
  await orm.insert(streamTickets).values({ hash, sessionId, playerId, expiresAtMs });
  return { ticket: token, expiresAt: new Date(expiresAtMs).toISOString() };
}

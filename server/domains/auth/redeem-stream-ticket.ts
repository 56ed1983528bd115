import { eq } from "drizzle-orm";
import { streamTickets } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { ServerDeps } from "../../deps.ts";
import { hashRefreshToken } from "./refresh-token.ts";
import type { AccessClaims } from "./token-issuer.ts";

/** Whose stream a ticket opens; the ticket is gone, whatever comes of it. */
export async function redeemStreamTicket(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  ticket: string,
): Promise<AccessClaims> {
  const [found] = await orm
    .delete(streamTickets)
    .where(eq(streamTickets.hash, hashRefreshToken(ticket)))
    .returning();
  if (found === undefined || found.expiresAtMs <= clock.wallMs()) {
    throw new AppError(
      "TOKEN_EXPIRED",
      "cannot open the stream: its ticket was used or has expired; get another from " +
        "auth.createStreamTicket",
    );
  }
  return { playerId: found.playerId, sessionId: found.sessionId };
}

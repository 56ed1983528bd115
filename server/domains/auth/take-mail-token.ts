import { and, eq, gt } from "drizzle-orm";
import { mailTokens } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { MailKind } from "#shared/model/mail.ts";
import type { ServerDeps } from "../../deps.ts";
import { hashMailToken } from "./mail-queue.ts";

export type MailTokenRow = typeof mailTokens.$inferSelect;

/** Uses a link's token up, and with it all others of its kind and player: it is good once. */
export async function takeMailToken(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  kind: MailKind,
  token: string,
): Promise<MailTokenRow> {
  const isGood = and(
    eq(mailTokens.hash, hashMailToken(token)),
    eq(mailTokens.kind, kind),
    gt(mailTokens.expiresAtMs, clock.wallMs()),
  );
  const [row] = await orm.delete(mailTokens).where(isGood).returning();
  if (row === undefined) {
    throw new AppError(
      "TOKEN_EXPIRED",
      "cannot use the link: it was used before, or is too old; ask for another mail",
    );
  }
  const isSibling = and(eq(mailTokens.playerId, row.playerId), eq(mailTokens.kind, kind));
  await orm.delete(mailTokens).where(isSibling);
  return row;
}

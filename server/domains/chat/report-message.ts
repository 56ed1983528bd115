import { sql } from "drizzle-orm";
import { chatMessages, chatReports } from "#shared/infra/db/schema/control.ts";
import { REPORTS_LENGTH_MAX, type Reported, type ReportInput } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { isReadableBy } from "./message-row.ts";

interface Found {
  readonly readable: number;
  readonly reported: number;
}

/** Tells moderators of a message of another player; a second report of it is none. */
export async function reportMessage(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  { playerId }: Pick<Actor, "playerId">,
  { message, reason }: ReportInput,
): Promise<Reported> {
  const number = Number(message);
  const which = sql`FROM ${chatMessages} WHERE ${chatMessages.number} = ${number}
    AND ${chatMessages.senderId} <> ${playerId} AND ${isReadableBy(playerId)}`;
  const [, [found]] = await orm.batch([
    orm.run(sql`INSERT INTO ${chatReports}
        (reporter_id, sender_id, message_number, text, reason, reported_at_ms)
      SELECT ${playerId}, sender_id, number, text, ${reason}, ${Math.trunc(clock.wallMs())}
      ${which} AND ${REPORTS_LENGTH_MAX} >
        (SELECT count(*) FROM ${chatReports} WHERE reporter_id = ${playerId})
      ON CONFLICT DO NOTHING`),
    orm.all<Found>(sql`SELECT EXISTS (SELECT 1 ${which}) AS readable,
      EXISTS (SELECT 1 FROM ${chatReports}
        WHERE reporter_id = ${playerId} AND message_number = ${number}) AS reported`),
  ]);
  if (found?.reported === 1) return { reported: true };
  if (found?.readable !== 1) {
    const message = "cannot report the message: there is none of another player that you may read";
    throw new AppError("NOT_FOUND", message);
  }
  throw new AppError(
    "CONFLICT",
    `cannot report the message: ${REPORTS_LENGTH_MAX} of your reports wait; try again later`,
  );
}

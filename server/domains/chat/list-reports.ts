import { asc, gt } from "drizzle-orm";
import { chatReports } from "#shared/infra/db/schema/control.ts";
import type { ListReportsInput, ReportPage } from "#shared/model/chat.ts";
import type { ServerDeps } from "../../deps.ts";

/** A page of what nobody has decided on, the oldest first. */
export async function listReports(
  { database: { orm } }: Pick<ServerDeps, "database">,
  { limit, cursor = "0" }: ListReportsInput,
): Promise<ReportPage> {
  const rows = await orm
    .select()
    .from(chatReports)
    .where(gt(chatReports.number, Number(cursor)))
    .orderBy(asc(chatReports.number))
    .limit(limit + 1);
  const reports = rows.slice(0, limit).map((row) => ({
    report: String(row.number),
    message: String(row.messageNumber),
    text: row.text,
    reason: row.reason,
    senderId: row.senderId,
    reporterId: row.reporterId,
    reportedAt: new Date(row.reportedAtMs).toISOString(),
  }));
  const last = rows.length > limit ? reports.at(-1) : undefined;
  return { reports, nextCursor: last?.report ?? null };
}

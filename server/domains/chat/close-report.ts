import { eq } from "drizzle-orm";
import { chatReports } from "#shared/infra/db/schema/control.ts";
import type { ClosedReport, CloseReportInput } from "#shared/model/chat.ts";
import { AppError } from "#shared/model/errors.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";

/** Takes a report off the list; what it said and what came of it stays in the audit log. */
export async function closeReport(
  deps: ServerDeps,
  { playerId: actorId }: Actor,
  { report, outcome }: CloseReportInput,
): Promise<ClosedReport> {
  const { text, reason, reporterId, senderId } = await findReport(deps, report);
  const { orm } = deps.database;
  const details = { outcome, text, reason, reporterId };
  await deps.audit.write(
    { event: "chat.report-closed", actorId, targetId: senderId, details },
    async ({ insert }) => {
      // Another moderator may have decided while this one waited for its turn.
      await findReport(deps, report);
      const which = eq(chatReports.number, Number(report));
      return orm.batch([orm.delete(chatReports).where(which), insert()]);
    },
  );
  return { closed: true };
}

async function findReport({ database: { orm } }: ServerDeps, report: string) {
  const [row] = await orm
    .select()
    .from(chatReports)
    .where(eq(chatReports.number, Number(report)));
  if (row !== undefined) return row;
  throw new AppError("NOT_FOUND", `cannot close report ${report}: there is none that is open`);
}

import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { auditLog } from "#shared/infra/db/schema/control.ts";
import type { AuditPage, AuditRecord, QueryAuditInput } from "#shared/model/audit.ts";
import type { ServerDeps } from "../../deps.ts";

const Details = z.record(z.string(), z.unknown());

/** A page of the audit log. */
export async function queryAudit(
  { database }: Pick<ServerDeps, "database">,
  { event, actorId, targetId, limit, cursor }: QueryAuditInput,
): Promise<AuditPage> {
  const rows = await database.orm
    .select()
    .from(auditLog)
    .where(
      and(
        event && eq(auditLog.event, event),
        actorId && eq(auditLog.actorId, actorId),
        targetId && eq(auditLog.targetId, targetId),
        cursor === undefined ? undefined : lt(auditLog.number, Number(cursor)),
      ),
    )
    .orderBy(desc(auditLog.number))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { entries: page.map(toRecord), nextCursor: last ? String(last.number) : null };
}

function toRecord({ atMs, details, ...row }: typeof auditLog.$inferSelect): AuditRecord {
  return { ...row, at: new Date(atMs).toISOString(), details: Details.parse(JSON.parse(details)) };
}

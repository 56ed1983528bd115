import { AuditPage, AuditVerification, QueryAuditInput } from "#shared/model/audit.ts";
import { protectedRest } from "../../rest-route.ts";
import { adminProcedure, router } from "../../trpc.ts";
import { queryAudit } from "./query-audit.ts";
import { verifyAuditLog } from "./verify-audit-log.ts";

/** What was done by and to whom, and whether that is all of it. */
export const auditRouter = router({
  query: adminProcedure
    .meta(protectedRest("GET", "/audit", "The audit log, the newest first"))
    .input(QueryAuditInput)
    .output(AuditPage)
    .query(({ ctx, input }) => queryAudit(ctx.deps, input)),
  verify: adminProcedure
    .meta(protectedRest("GET", "/audit/verification", "Follow the audit log's whole chain"))
    .output(AuditVerification)
    .query(async ({ ctx }) => {
      const { entries, brokenAt = null, hash } = await verifyAuditLog(ctx.deps.database);
      return { intact: brokenAt === null, entries, brokenAt, hash };
    }),
});

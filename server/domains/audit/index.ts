/** What was done by and to whom. */
export { AuditLog } from "./audit-log.ts";
export { verifyAuditLog } from "./verify-audit-log.ts";

import { asc, gt } from "drizzle-orm";
import { auditLog } from "#shared/infra/db/schema/control.ts";
import type { ControlDatabase } from "../../deps.ts";
import { hashAuditContent, NO_HASH } from "./audit-log.ts";

const READ_AT_ONCE = 500;

export interface AuditVerdict {
  readonly entries: number;
  /** The first entry that is not what was written, or has another one before it. */
  readonly brokenAt: number | undefined;
  /** Of the newest entry: noted elsewhere, it proves that none was cut off at the end. */
  readonly hash: string;
}

/** Follows the whole chain. */
export async function verifyAuditLog(database: ControlDatabase): Promise<AuditVerdict> {
  let [entries, number, hash] = [0, 0, NO_HASH];
  for (;;) {
    const rows = await database.orm
      .select()
      .from(auditLog)
      .where(gt(auditLog.number, number))
      .orderBy(asc(auditLog.number))
      .limit(READ_AT_ONCE);
    if (rows.length === 0) return { entries, brokenAt: undefined, hash };
    for (const row of rows) {
      if (row.previousHash !== hash || hashAuditContent(row) !== row.hash) {
        return { entries, brokenAt: row.number, hash };
      }
      entries += 1;
      ({ number, hash } = row);
    }
  }
}

import { asc } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import type { LeaseList } from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";
import { toLease } from "./lease-row.ts";

/** Who owns which shard, by key. */
export async function listLeases(deps: LeaseDeps): Promise<LeaseList> {
  const nowMs = deps.leaseNowMs();
  const rows = await deps.database.orm.select().from(leases).orderBy(asc(leases.shardKey));
  return { leases: rows.map((row) => toLease(row, nowMs)) };
}

import { eq } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import type { FoundLease, GetLeaseInput } from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";
import { toLease } from "./lease-row.ts";

/** A shard's lease for a process that waits for its end; nobody is granted anything by a look. */
export async function findLease(deps: LeaseDeps, input: GetLeaseInput): Promise<FoundLease> {
  const { shardKey } = input;
  const [row] = await deps.database.orm.select().from(leases).where(eq(leases.shardKey, shardKey));
  return { lease: row === undefined ? null : toLease(row, deps.leaseNowMs()) };
}

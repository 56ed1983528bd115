import { and, eq, sql } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import type { ReleasedLease, ReleaseLeaseInput } from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";

/** Gives a lease back: the next process need not wait. */
export async function releaseLease(
  deps: LeaseDeps,
  input: ReleaseLeaseInput,
): Promise<ReleasedLease> {
  const { shardKey, holder, epoch, tick } = input;
  const { rowsAffected } = await deps.database.orm
    .update(leases)
    .set({
      holder: null,
      tick: sql`max(${leases.tick}, ${tick})`,
      expiresAtMs: sql`min(${leases.expiresAtMs}, ${deps.leaseNowMs()})`,
    })
    .where(and(eq(leases.shardKey, shardKey), eq(leases.holder, holder), eq(leases.epoch, epoch)));
  if (rowsAffected > 0) deps.log.info("lease given back", { shard: shardKey, epoch, holder });
  return { released: rowsAffected > 0 };
}

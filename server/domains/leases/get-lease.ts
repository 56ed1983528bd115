import { eq } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GetLeaseInput, Lease } from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";
import { toLease } from "./lease-row.ts";

/** Who owns a shard. */
export async function getLease(deps: LeaseDeps, input: GetLeaseInput): Promise<Lease> {
  const { shardKey } = input;
  const [row] = await deps.database.orm.select().from(leases).where(eq(leases.shardKey, shardKey));
  if (row !== undefined) return toLease(row, deps.leaseNowMs());
  throw new AppError(
    "NOT_FOUND",
    `cannot find the lease of ${shardKey}: no shard of that key ever ran; leases.list tells which`,
  );
}

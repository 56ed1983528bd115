import { eq, sql } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import { LEASE_MS, type LeaseAnswer, type RenewLeaseInput } from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";
import { describeHolder, toLease } from "./lease-row.ts";

/**
 * Gives the holder another lease's length, also when the one before has run out and nobody else was
 * granted it. A holder whose epoch is higher than the table's was granted it before a backup of the
 * control database was put in place, and goes on.
 */
export async function renewLease(deps: LeaseDeps, input: RenewLeaseInput): Promise<LeaseAnswer> {
  const nowMs = deps.leaseNowMs();
  const { orm } = deps.database;
  const { shardKey, holder, epoch, databaseId, databaseFile, address, tick } = input;
  const own = { epoch, holder, databaseId, databaseFile, address };
  const times = { renewedAtMs: nowMs, expiresAtMs: nowMs + LEASE_MS };
  const [[renewed], [row]] = await orm.batch([
    orm
      .insert(leases)
      .values({ shardKey, ...own, tick, ticksLost: 0, grantedAtMs: nowMs, ...times })
      .onConflictDoUpdate({
        target: leases.shardKey,
        set: { ...own, tick: sql`max(${leases.tick}, ${tick})`, ...times },
        setWhere: sql`(${leases.holder} = ${holder} AND ${leases.epoch} = ${epoch})
          OR ${leases.epoch} < ${epoch}`,
      })
      .returning(),
    orm.select().from(leases).where(eq(leases.shardKey, shardKey)),
  ]);
  if (renewed !== undefined) {
    deps.epochs.raise(shardKey, epoch);
    return { outcome: "granted", lease: toLease(renewed, nowMs) };
  }
  if (row === undefined) throw new Error(`cannot renew ${shardKey}: no row was written`);
  const message =
    row.holder === null
      ? `cannot renew the lease of ${shardKey}: it was given back; acquire it again`
      : `cannot renew the lease of ${shardKey}: epoch ${epoch} is over, ${describeHolder(row)} ` +
        `holds it under epoch ${row.epoch}; stop serving`;
  return { outcome: "refused", lease: toLease(row, nowMs), reason: "lost", message };
}

import type { leases } from "#shared/infra/db/schema/control.ts";
import type { Lease } from "#shared/model/leases.ts";

export type LeaseRow = typeof leases.$inferSelect;

/** What is told of a row at `nowMs` of the leases' clock. */
export function toLease(row: LeaseRow, nowMs: number): Lease {
  const { shardKey, epoch, holder, databaseId, address, tick, ticksLost } = row;
  return {
    shardKey,
    epoch,
    holder,
    databaseId,
    address,
    tick,
    ticksLost,
    grantedAt: new Date(row.grantedAtMs).toISOString(),
    renewedAt: new Date(row.renewedAtMs).toISOString(),
    expiresAt: new Date(row.expiresAtMs).toISOString(),
    leftMs: Math.max(0, row.expiresAtMs - nowMs),
  };
}

/** Names a holder for people. */
export function describeHolder({ holder, address }: LeaseRow): string {
  if (holder === null) return "nobody";
  return address === "" ? `process ${holder}` : `process ${holder} at ${address}`;
}

import { eq, sql } from "drizzle-orm";
import { leases } from "#shared/infra/db/schema/control.ts";
import {
  type AcquireLeaseInput,
  LEASE_MS,
  type LeaseAnswer,
  type LeaseRefusal,
} from "#shared/model/leases.ts";
import type { LeaseDeps } from "./lease-deps.ts";
import { describeHolder, type LeaseRow, toLease } from "./lease-row.ts";

/**
 * Grants a shard to a process, or says who owns it. All of the decision is one statement, so that
 * of any number of processes that ask at once exactly one is granted.
 *
 * A claimant that has the very file locked which the last holder had is granted at once: whoever
 * held the lease is gone or has let go of the file, since a lock is held by one process. That is
 * how a killed shard comes back without waiting. Everybody else waits until the lease has run out.
 */
export async function acquireLease(
  deps: LeaseDeps,
  input: AcquireLeaseInput,
): Promise<LeaseAnswer> {
  const nowMs = deps.leaseNowMs();
  const [[granted], [after]] = await runAcquire(deps, input, nowMs);
  const { log } = deps;
  const { shardKey, holder, address } = input;
  if (granted !== undefined) {
    const { epoch, ticksLost } = granted;
    deps.epochs.raise(shardKey, epoch);
    log.info("lease granted", { shard: shardKey, epoch, holder, address, ticksLost });
    return { outcome: "granted", lease: toLease(granted, nowMs) };
  }
  if (after === undefined) throw new Error(`cannot grant ${shardKey}: no row was written`);
  const reason = findReason(after, input);
  log.info("lease refused", { shard: shardKey, holder, address, reason });
  const message = explain(after, { input, reason, nowMs });
  return { outcome: "refused", lease: toLease(after, nowMs), reason, message };
}

function runAcquire({ database: { orm } }: LeaseDeps, input: AcquireLeaseInput, nowMs: number) {
  const { shardKey, holder, databaseId, databaseFile, address, tick, takeOver } = input;
  const times = { grantedAtMs: nowMs, renewedAtMs: nowMs, expiresAtMs: nowMs + LEASE_MS };
  const place = { holder, databaseId, databaseFile, address, tick };
  // The same process asks again when it did not hear the answer: it has its epoch already.
  const isHolder = sql`${leases.holder} IS NOT NULL AND ${leases.holder} = ${holder}`;
  const epoch = sql`iif(${isHolder}, ${leases.epoch}, max(${leases.epoch}, ${input.epoch}) + 1)`;
  const ticksLost = sql`iif(${isHolder}, ${leases.ticksLost}, max(0, ${leases.tick} - ${tick}))`;
  const isSameDatabase = sql`${leases.databaseId} = ${databaseId}`;
  const isSameFile = sql`(${isSameDatabase} AND ${leases.databaseFile} = ${databaseFile})`;
  const isFree = sql`(${leases.holder} IS NULL OR ${isHolder}
    OR ${leases.expiresAtMs} <= ${nowMs})`;
  const isNewest = sql`(${isSameDatabase} AND ${leases.tick} <= ${tick})`;
  return orm.batch([
    orm
      .insert(leases)
      .values({ shardKey, epoch: input.epoch + 1, ticksLost: 0, ...place, ...times })
      .onConflictDoUpdate({
        target: leases.shardKey,
        set: { epoch, ticksLost, ...place, ...times },
        setWhere: sql`${isSameFile} OR (${isFree} AND (${isNewest} OR ${takeOver ? 1 : 0}))`,
      })
      .returning(),
    orm.select().from(leases).where(eq(leases.shardKey, shardKey)),
  ]);
}

function findReason(row: LeaseRow, input: AcquireLeaseInput): LeaseRefusal {
  if (input.takeOver) return "held";
  if (row.databaseId !== input.databaseId) return "other database";
  return row.tick > input.tick ? "behind" : "held";
}

function explain(
  row: LeaseRow,
  why: { input: AcquireLeaseInput; reason: LeaseRefusal; nowMs: number },
): string {
  const { input, reason, nowMs } = why;
  const { expiresAt, renewedAt, leftMs } = toLease(row, nowMs);
  const cannot = `cannot grant ${row.shardKey}`;
  if (reason === "held") {
    return (
      `${cannot}: ${describeHolder(row)} holds it until ${expiresAt} (${leftMs} ms from now); ` +
      "stop that process, or wait until its lease has run out"
    );
  }
  if (reason === "behind") {
    return (
      `${cannot}: this copy of its database ends with tick ${input.tick}, and its owner had told ` +
      `of tick ${row.tick} at ${renewedAt}; start on the newest copy, or with --take-over to go ` +
      "on without the ticks between"
    );
  }
  return (
    `${cannot}: this shard's world lives in another database (${row.databaseId}, of ` +
    `${describeHolder(row)}, last heard of at ${renewedAt}), and this one is ` +
    `${input.databaseId}; start where that database is, with --standby to follow it from here, ` +
    "or with --take-over to go on with this one in its place"
  );
}

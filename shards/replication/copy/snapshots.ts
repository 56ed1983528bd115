import { guard, type Progress } from "./head.ts";
import { insertRows, numberOf, type Rows, rowsOf, type SqlClient, type Statement } from "./sql.ts";

/** Snapshots that a copy keeps, as the shard does; the journal reaches back to the oldest. */
const SNAPSHOTS_KEPT = 3;

export interface SnapshotWish {
  progress: Progress;
  /** Tick of the newest one that the copy has. */
  have: number;
  /** Throws when the row is not as it was written. */
  verify?: (rows: Rows) => void;
}

/**
 * Copies the newest snapshot that the copy, at `progress`, has the ticks of and not yet itself, and
 * drops what is behind the oldest one kept. Its tick, or undefined when there is none.
 */
export async function copySnapshot(
  source: SqlClient,
  target: SqlClient,
  { progress, have, verify }: SnapshotWish,
): Promise<number | undefined> {
  const [found] = await source.batch(
    [
      {
        sql: `SELECT * FROM snapshots WHERE tick > ? AND tick <= ? AND epoch >= ?
          ORDER BY tick DESC LIMIT 1`,
        args: [have, progress.tick, progress.epoch],
      },
    ],
    "read",
  );
  const tick = numberOf(found, found?.columns.indexOf("tick"));
  const savedAtMs = numberOf(found, found?.columns.indexOf("saved_at_ms")) ?? 0;
  if (tick === undefined) return undefined;
  const rows = rowsOf(found);
  verify?.(rows);
  await target.batch(
    [guard(progress), ...insertRows("snapshots", rows), ...trim(savedAtMs)],
    "write",
  );
  return tick;
}

function trim(nowMs: number): Statement[] {
  const oldest = "(SELECT min(tick) FROM snapshots)";
  return [
    {
      sql: `DELETE FROM snapshots WHERE tick NOT IN
        (SELECT tick FROM snapshots ORDER BY tick DESC LIMIT ${SNAPSHOTS_KEPT})`,
      args: [],
    },
    { sql: `DELETE FROM journal WHERE tick < ${oldest}`, args: [] },
    { sql: `DELETE FROM sessions WHERE token_hash IS NULL AND tick <= ${oldest}`, args: [] },
    { sql: "DELETE FROM used_tickets WHERE expires_at_ms < ?", args: [nowMs] },
  ];
}

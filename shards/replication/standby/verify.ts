import { checksumOfRecord, checksumOfSnapshot } from "../../persistence/checksums.ts";
import type { Progress } from "../copy/head.ts";
import type { Rows, SqlValue } from "../copy/sql.ts";

/** What a replica holds is not what its owner wrote. */
export class ReplicaDamage extends Error {
  override readonly name = "ReplicaDamage";
}

/** A record of the journal, as it is replayed. */
export interface FollowedTick {
  tick: number;
  inputs: Uint8Array;
  stateHash: string | undefined;
}

/** The records, each of which follows the one before; throws ReplicaDamage that names one. */
export function verifyJournal(journal: Rows, before: Progress): FollowedTick[] {
  const read = reader(journal);
  let { tick, checksum } = before;
  return journal.rows.map((row) => {
    const record = {
      epoch: Number(read(row, "epoch")),
      tick: Number(read(row, "tick")),
      stateHash: textOf(read(row, "state_hash")),
      inputs: bytesOf(read(row, "inputs")),
    };
    if (record.tick !== tick + 1) throw new ReplicaDamage(`its journal lacks tick ${tick + 1}`);
    if (checksumOfRecord(checksum, record) !== Number(read(row, "checksum"))) {
      throw new ReplicaDamage(`its journal's tick ${record.tick} is damaged`);
    }
    tick = record.tick;
    checksum = Number(read(row, "checksum"));
    return { tick, inputs: record.inputs, stateHash: record.stateHash ?? undefined };
  });
}

/** Throws ReplicaDamage when a snapshot is not as it was written. */
export function verifySnapshots(snapshots: Rows): void {
  const read = reader(snapshots);
  for (const row of snapshots.rows) {
    const content = {
      tick: Number(read(row, "tick")),
      epoch: Number(read(row, "epoch")),
      savedAtMs: Number(read(row, "saved_at_ms")),
      journalChecksum: Number(read(row, "journal_checksum")),
      state: bytesOf(read(row, "state")),
    };
    if (checksumOfSnapshot(content) === Number(read(row, "checksum"))) continue;
    throw new ReplicaDamage(`its snapshot of tick ${content.tick} is damaged`);
  }
}

function reader({ columns }: Rows): (row: readonly SqlValue[], name: string) => SqlValue {
  const places = new Map(columns.map((name, index) => [name, index]));
  return (row, name) => row[places.get(name) ?? -1] ?? null;
}

function textOf(value: SqlValue): string | null {
  return typeof value === "string" ? value : null;
}

function bytesOf(value: SqlValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(0);
}

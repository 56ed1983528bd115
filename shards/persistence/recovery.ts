// What a shard starts from: the newest snapshot from which the journal leads, record by record,
// exactly to the last committed tick.
//
//   snapshots        30          40          50
//   journal          30 31 … 39  40 41 … 49  50 51 52 53
//   progress                                          53
//
// A snapshot is taken only if its own checksum fits, if the journal's chain goes on from it without
// a gap, and if that chain ends with the tick and checksum that `progress` tells. Else an
// older one is tried, and the log says so. A record is never skipped: when no snapshot leads to the
// last committed tick, the start is refused. What is not needed this time is looked at all the
// same, so that damage is known before it matters.
import { ConfigurationError } from "#shared/infra/settings.ts";
import { checksumOfRecord, checksumOfSnapshot } from "./checksums.ts";
import { Damage } from "./damage.ts";
import type { FoundDatabase, RecoveredTick, Recovery, RecoveryRequest } from "./messages.ts";
import {
  listSnapshots,
  type ProgressRow,
  readJournal,
  readJournalRange,
  readProgress,
  readSnapshot,
  type ShardClient,
  type SnapshotRow,
} from "./rows.ts";
import { RowSum } from "./table-sums.ts";

/** Where a chain stands: after a tick, with that tick's checksum. */
interface Link {
  readonly tick: number;
  readonly checksum: number;
}

/** Reads and checks snapshots and journal; throws Damage when what is left would not be whole. */
export async function readRecovery(
  { client, id }: { client: ShardClient; id: string },
  request: RecoveryRequest = {},
): Promise<Recovery> {
  const progress = await readProgress(client);
  if (progress === undefined) throw new Damage("it does not tell how far its journal reaches");
  const listed = await listSnapshots(client);
  await checkEnd(client, progress, listed);
  if (!progress.epochWhole) throw new Damage("the epoch of its last owner is damaged");
  const tick = request.atTick ?? progress.tick;
  const database = { id, epoch: progress.epoch, tick: progress.tick };
  if (listed.length === 0 && progress.tick === 0 && tick === 0) return newWorld(database);

  const warnings: string[] = [];
  const snapshots = await readSnapshots(client, listed, warnings);
  const candidates = candidatesFor(request, { tick, snapshots, progress });
  const { base, journal } = await findPath(client, candidates, { tick, progress, warnings });
  if (warnings.length > 0) warnings.push(`the shard starts from the snapshot of tick ${base.tick}`);
  const stateHash = await lookBehind(client, { snapshots, base, warnings });
  const state = await Bun.zstdDecompress(base.state);
  const snapshot = { tick: base.tick, state, stateHash };
  return { database, tick, snapshot, journal, warnings };
}

function newWorld(database: FoundDatabase): Recovery {
  return { database, tick: 0, snapshot: undefined, journal: [], warnings: [] };
}

/** The journal must end where `progress` says, and no snapshot may lie beyond. */
async function checkEnd(
  client: ShardClient,
  progress: ProgressRow,
  snapshots: readonly number[],
): Promise<void> {
  const { tick } = progress;
  const last = (await readJournalRange(client))?.last ?? 0;
  if (last > tick) {
    throw new Damage(`its journal goes on to tick ${last}, beyond tick ${tick} that was told`);
  }
  if ((snapshots[0] ?? 0) > tick) {
    throw new Damage(
      `it has a snapshot of tick ${snapshots[0]}, beyond tick ${tick} of the journal`,
    );
  }
  const [end] = await readJournal(client, tick - 1, tick);
  // A journal that was begun from a snapshot has no record of that tick.
  if (end === undefined && (tick === 0 || snapshots[0] === tick)) return;
  if (end === undefined) throw new Damage(`the journal lacks tick ${tick}`);
  // Whoever is granted the shard raises the epoch before the first tick.
  if (end.checksum !== progress.checksum || end.epoch > progress.epoch) {
    throw new Damage(`the journal's last tick ${tick} is damaged, or what is told of it`);
  }
}

/** Those that are whole, the newest first. */
async function readSnapshots(
  client: ShardClient,
  ticks: readonly number[],
  warnings: string[],
): Promise<SnapshotRow[]> {
  const whole: SnapshotRow[] = [];
  const sum = new RowSum();
  for (const tick of ticks) {
    const row = await readSnapshot(client, tick);
    if (row !== undefined && checksumOfSnapshot(row) === row.checksum) {
      whole.push(row);
      sum.add(row.checksum);
    } else {
      warnings.push(`the snapshot of tick ${tick} is damaged`);
    }
  }
  // With one that is damaged by itself the sum says nothing more.
  const isAll = whole.length === ticks.length;
  const fault = isAll ? await sum.findFault(client, "snapshots") : undefined;
  if (fault !== undefined) warnings.push(fault);
  return whole;
}

/** The snapshots that a request allows; refuses a tick that is not held. */
function candidatesFor(
  { atTick, snapshotBefore = Number.POSITIVE_INFINITY }: RecoveryRequest,
  known: { tick: number; snapshots: readonly SnapshotRow[]; progress: ProgressRow },
): SnapshotRow[] {
  const { tick, snapshots, progress } = known;
  const oldest = snapshots.at(-1);
  if (oldest === undefined) throw new Damage("none of its snapshots is readable");
  if (atTick !== undefined && (tick < oldest.tick || tick > progress.tick)) {
    throw new ConfigurationError(
      `cannot open tick ${atTick}: the database holds ticks ${oldest.tick} to ${progress.tick}`,
    );
  }
  const candidates = snapshots.filter((one) => one.tick <= tick && one.tick < snapshotBefore);
  if (candidates.length > 0) return candidates;
  throw new Damage(`it has no whole snapshot from before tick ${snapshotBefore}`);
}

/** The first snapshot from which the journal leads to the tick, and the records in between. */
async function findPath(
  client: ShardClient,
  candidates: readonly SnapshotRow[],
  goal: { tick: number; progress: ProgressRow; warnings: string[] },
): Promise<{ base: SnapshotRow; journal: RecoveredTick[] }> {
  const { tick, progress, warnings } = goal;
  let first: unknown;
  for (const base of candidates) {
    const journal: RecoveredTick[] = [];
    const take = (record: RecoveredTick) => journal.push(record);
    try {
      const end = await walk(client, { from: linkOf(base), to: tick, take });
      if (tick === progress.tick && end.checksum !== progress.checksum) {
        throw new Damage(`what is told of the journal's last tick ${tick} is damaged`);
      }
      return { base, journal };
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      first ??= error;
      warnings.push(`from the snapshot of tick ${base.tick} no way leads on: ${error.message}`);
    }
  }
  throw first;
}

/**
 * Looks at the part of the journal that this start does not need. The result is the hash of the
 * state in `base`, where the journal has it and its record is whole.
 */
async function lookBehind(
  client: ShardClient,
  known: { snapshots: readonly SnapshotRow[]; base: SnapshotRow; warnings: string[] },
): Promise<string | undefined> {
  const { snapshots, base, warnings } = known;
  const oldest = snapshots.at(-1);
  if (oldest === undefined || oldest.tick === base.tick) return undefined;
  let stateHash: string | undefined;
  const take = (record: RecoveredTick) => {
    stateHash = record.stateHash;
  };
  try {
    const end = await walk(client, { from: linkOf(oldest), to: base.tick, take });
    if (end.checksum === base.journalChecksum) return stateHash;
    warnings.push(`the snapshots of ticks ${oldest.tick} and ${base.tick} do not belong together`);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    warnings.push(`${error.message}; nothing needs it now, since a later snapshot is whole`);
  }
  return undefined;
}

/** Follows the chain record by record; throws Damage that names the first one that is not whole. */
async function walk(
  client: ShardClient,
  path: { from: Link; to: number; take: (record: RecoveredTick) => void },
): Promise<Link> {
  let { tick, checksum } = path.from;
  while (tick < path.to) {
    const page = await readJournal(client, tick, path.to);
    if (page.length === 0) throw new Damage(`the journal lacks tick ${tick + 1}`);
    for (const row of page) {
      if (row.tick !== tick + 1) throw new Damage(`the journal lacks tick ${tick + 1}`);
      if (checksumOfRecord(checksum, row) !== row.checksum) {
        throw new Damage(`the journal's tick ${row.tick} is damaged`);
      }
      ({ tick, checksum } = row);
      path.take({ tick, inputs: row.inputs, stateHash: row.stateHash ?? undefined });
    }
  }
  return { tick, checksum };
}

function linkOf(snapshot: SnapshotRow): Link {
  return { tick: snapshot.tick, checksum: snapshot.journalChecksum };
}

// How many records of the journal a second go to the disk in group commits, beside bare SQLite,
// which writes as many rows in as large transactions to a file of its own with the same safety.
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { systemClock } from "#shared/time/clock.ts";
import type { TickRecord } from "../../../shards/loop/messages.ts";
import { ShardStore } from "../../../shards/persistence/shard-store.ts";
import type { Figures } from "../../run/benchmark.ts";
import { TICK_RATE } from "./crowded-shard.ts";
import { Durations } from "./durations.ts";
import { SHARD_KEY } from "./storage.ts";

export interface CommitOptions {
  readonly folder: string;
  readonly groups: number;
  /** Records in one transaction. */
  readonly groupRecords: number;
  /** Inputs of one record. */
  readonly recordBytes: number;
}

/** Both by turns, so that what slows the disk for a while slows both. */
export async function measureCommit(options: CommitOptions): Promise<Figures> {
  const { folder, groups, groupRecords } = options;
  const store = await ShardStore.open({
    path: join(folder, "commit.db"),
    shardKey: SHARD_KEY,
    world: "arena",
    tickRate: TICK_RATE,
    clock: systemClock,
    makeId: () => crypto.randomUUID(),
  });
  await store.own(1);
  const floor = openFloor(join(folder, "floor.db"));
  const commits = new Durations();
  const floors = new Durations();
  // The first tenth is the warm-up.
  for (let group = -Math.ceil(groups / 10); group < groups; group++) {
    const records = nextRecords(store.tick, options);
    if (group === 0) commits.clear();
    if (group === 0) floors.clear();
    await commits.measureAsync(async () => {
      await store.write({ records, tickets: [], told: [] });
    });
    floors.measure(() => floor.write(records));
  }
  await store.close();
  floor.close();
  const perSecond = (durations: Durations) => (groups * groupRecords) / (durations.sum / 1_000);
  return {
    recordsPerSecond: perSecond(commits),
    commitMsP50: commits.quantile(0.5),
    commitMsP99: commits.quantile(0.99),
    commitFloorRecordsPerSecond: perSecond(floors),
    commitFloorRatio: perSecond(floors) / perSecond(commits),
  };
}

function nextRecords(after: number, { groupRecords, recordBytes }: CommitOptions): TickRecord[] {
  return Array.from({ length: groupRecords }, (_, index) => {
    const tick = after + 1 + index;
    const inputs = crypto.getRandomValues(new Uint8Array(recordBytes));
    const stateHash = tick % TICK_RATE === 0 ? "0123456789abcdef" : undefined;
    return { tick, inputs, stateHash, departed: [], sessions: [], answers: [], outbox: [] };
  });
}

function openFloor(path: string) {
  const database = new Database(path, { create: true, strict: true });
  database.run("PRAGMA locking_mode = EXCLUSIVE");
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run(
    "CREATE TABLE journal (tick INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, state_hash TEXT, " +
      "checksum INTEGER NOT NULL, inputs BLOB NOT NULL) STRICT",
  );
  const insert = database.prepare("INSERT INTO journal VALUES (?, ?, ?, ?, ?)");
  const write = database.transaction((records: readonly TickRecord[]) => {
    for (const { tick, stateHash = null, inputs } of records) {
      insert.run(tick, 1, stateHash, 0, inputs);
    }
  });
  return {
    write: (records: readonly TickRecord[]) => write(records),
    close: () => database.close(),
  };
}

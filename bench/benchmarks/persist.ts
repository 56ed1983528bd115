import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBenchmark } from "../run/benchmark.ts";
import { measureCommit } from "./persist/measure-commit.ts";
import { measurePause } from "./persist/measure-pause.ts";
import { measureRestore } from "./persist/measure-restore.ts";

const PAUSE_MS_MAX = 2;
const RESTORE_MS_MAX = 1_000;
const RECORDS_PER_SECOND_MIN = 50_000;

/** What it costs a shard to lose nothing, and how fast it is back. */
export const persist = defineBenchmark({
  name: "persist",
  work: "100,000 entities: snapshots while they move, the journal's group commits, a restart",
  meanings: {
    pauseMsP50: "ms that a snapshot stops the tick thread, median",
    pauseMsP99: "the same, p99",
    pauseMsMax: "the same, longest",
    copiedMB: "MB that are copied for it",
    pauseFloorMsP50: "ms to copy as many bytes in one piece, median",
    pauseFloorMsP99: "the same, p99",
    pauseFloorRatio: "pause divided by that copy, medians",
    tickMsP99: "ms of a tick, p99, while snapshots are taken, copied bytes not included",
    tickMsP99WithoutSnapshots: "the same without snapshots",
    recordsPerSecond: "records of the journal a second in group commits, synchronous FULL",
    commitMsP50: "ms of one commit, median",
    commitMsP99: "the same, p99",
    commitFloorRecordsPerSecond: "rows a second that bare SQLite inserts in as large transactions",
    commitFloorRatio: "bare SQLite divided by the journal",
    restoreMs: "ms from a process that runs to /ready, median; the journal is replayed",
    restoreMsMax: "the same, longest",
    emptyStartMs: "the same for a new world",
    bareProcessMs: "ms to start a process of Bun that does nothing; not in the three above",
  },
  runs: 3,
  inProcess: true,
  coresMin: 2,
  params: {
    entities: 100_000,
    warmUpSeconds: 5,
    snapshots: 100,
    everyTicks: 15,
    journalTicks: 300,
    starts: 5,
    groups: 200,
    groupRecords: 500,
    recordBytes: 128,
  },
  bars: () => [
    { metric: "pauseMsP99", op: "<=", bound: PAUSE_MS_MAX },
    { metric: "restoreMs", op: "<=", bound: RESTORE_MS_MAX },
    { metric: "recordsPerSecond", op: ">=", bound: RECORDS_PER_SECOND_MIN },
  ],
  async measure({ params, say }) {
    const folder = mkdtempSync(join(tmpdir(), "tessera-persist-"));
    try {
      say("group commits");
      const commit = await measureCommit({ folder, ...params });
      say("restarts");
      const restore = await measureRestore({ folder, ...params });
      say("snapshots while everybody moves");
      const pause = await measurePause({ folder, ...params });
      return { ...pause, ...commit, ...restore };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

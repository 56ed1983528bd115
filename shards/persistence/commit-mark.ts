// How far a shard's database has come, noted in a file beside it: `shard.db-mark`.
//
// SQLite finds the end of its -wal by checksums. Where the log is damaged, cut off or missing it
// goes on without what stood there, and without a word: all that is left fits together, as of some
// earlier commit. So after each commit it is noted elsewhere how far the database is. The note is
// not synced, which would cost as much as the commit: it outlives the process, and after a power
// cut it is older than the database or as old, never newer. What is noted and not there was lost.
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { Damage, damagedError } from "./damage.ts";

const MARK_BYTES = 128;

/** A commit, as it is noted. */
export interface CommitMark {
  readonly databaseId: string;
  readonly epoch: number;
  readonly tick: number;
  /** Of the newest snapshot; -1 when there is none. */
  readonly snapshotTick: number;
}

/** The note beside one database. */
export class CommitMarkFile {
  readonly #databasePath: string;
  readonly #path: string;
  #file: number | undefined;

  constructor(databasePath: string) {
    this.#databasePath = databasePath;
    this.#path = `${databasePath}-mark`;
  }

  /** For a database with nothing in it: throws DatabaseError when there was something. */
  refuseEmptied(): void {
    const mark = this.#read();
    if (mark === undefined || mark === "damaged") return;
    const damage = new Damage(`it is empty, and tick ${mark.tick} was in it`);
    throw damagedError(this.#databasePath, damage);
  }

  /** What was noted and is not there, for people; nothing is what one hopes for. */
  findLost(found: CommitMark): string[] {
    const mark = this.#read();
    if (mark === "damaged") return [`the note of the last commit, ${this.#path}, is damaged`];
    // Of a file that was here before this one.
    if (mark === undefined || mark.databaseId !== found.databaseId) return [];
    const { tick } = found;
    const how = "the -wal of the database was damaged, cut off or missing";
    if (mark.tick > tick) return [`ticks ${tick + 1} to ${mark.tick} are lost: ${how}`];
    if (mark.epoch <= found.epoch && mark.snapshotTick <= found.snapshotTick) return [];
    return [`what was written last, after tick ${tick}, is lost: ${how}`];
  }

  /** Notes a commit that is done. */
  write({ databaseId, epoch, tick, snapshotTick }: CommitMark): void {
    const text = `${databaseId} ${epoch} ${tick} ${snapshotTick}`;
    const line = Buffer.from(`${text} ${crc32(text)}`.padEnd(MARK_BYTES - 1).concat("\n"));
    try {
      this.#file ??= openSync(this.#path, existsSync(this.#path) ? "r+" : "w", 0o600);
      writeSync(this.#file, line, 0, line.length, 0);
    } catch {
      // On a full disk: an older note finds less, and nothing hangs on it.
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #read(): CommitMark | "damaged" | undefined {
    if (!existsSync(this.#path)) return undefined;
    const line = readFileSync(this.#path, "latin1");
    // As a power cut leaves a file that has just been made.
    if (line.length === 0) return undefined;
    const [databaseId = "", epoch, tick, snapshotTick, checksum] = line.trimEnd().split(" ");
    const text = `${databaseId} ${epoch} ${tick} ${snapshotTick}`;
    if (line.length !== MARK_BYTES || String(crc32(text)) !== checksum) return "damaged";
    const [epochs, ticks, snapshots] = [epoch, tick, snapshotTick].map(Number);
    if (epochs === undefined || ticks === undefined || snapshots === undefined) return "damaged";
    return { databaseId, epoch: epochs, tick: ticks, snapshotTick: snapshots };
  }
}

// What a disk may hold after the power is cut.
//
// Killing a process does not test fsync: the page cache outlives it. So the files of a database are
// copied each time a commit was confirmed, when all before it must be on the disk. What was written
// since then may have reached the disk in any order, in part or not at all; the unit is a sector.
// Between two confirmed states an image takes each sector that differs from the older, from the
// newer, or torn in the middle; an appended end may be missing, or be there and hold nothing.
//
// Copies do not tell in which order the files were written and synced between them. With
// synchronous=FULL SQLite orders that as follows, and so does the model:
//
//   frames ► sync of the log          a commit is confirmed
//   ► pages ► sync of the database    a checkpoint; only a whole one lets the log begin again
//   ► header ► sync of the log        the log begins again: a new salt voids all of its frames
//   ► frames ► sync of the log        the next commit, over the old frames
//
// So an image whose database has changed holds the whole newer log, and one in which any old frame
// is written over has the new header. Without the second rule an image could have the old header
// and the first of the old frames, which then are read back over the newer pages: commits would be
// gone that no disk can lose which keeps its word. `write-order.test.ts` looks at the order that is
// really kept.
import type { Random } from "#shared/sim/index.ts";

export const SECTOR_BYTES = 512;
/** The write-ahead log's header, with the salt that its frames must repeat. */
const LOG_HEADER_BYTES = 32;

/** The files of a database at one moment. */
export interface DiskState {
  readonly database: Uint8Array;
  /** The write-ahead log; empty when there is none. */
  readonly log: Uint8Array;
}

/** One disk of those that a power cut between two confirmed states can leave behind. */
export function cutPower(before: DiskState, after: DiskState, random: Random): DiskState {
  const wroteDatabase = !isEqual(before.database, after.database);
  if (wroteDatabase && random.below(2) === 0) {
    return { log: after.log, database: mixSectors(before.database, after.database, random) };
  }
  const { database } = before;
  if (!isLogBegunAgain(before, after)) {
    return { log: mixSectors(before.log, after.log, random), database };
  }
  if (random.below(4) === 0) return { log: tearHeader(before.log, after.log, random), database };
  const log = mixSectors(before.log, after.log, random);
  log.set(headerOf(after.log));
  return { log, database };
}

/** Whether the log's frames were written over, from its beginning on. */
export function isLogBegunAgain(before: DiskState, after: DiskState): boolean {
  return before.log.length > 0 && !isEqual(headerOf(before.log), headerOf(after.log));
}

/** The old log with as much of the new header as was written. */
function tearHeader(before: Uint8Array, after: Uint8Array, random: Random): Uint8Array {
  const log = before.slice();
  log.set(headerOf(after).subarray(0, random.below(LOG_HEADER_BYTES + 1)));
  return log;
}

function headerOf(log: Uint8Array): Uint8Array {
  return log.subarray(0, LOG_HEADER_BYTES);
}

/** How hard the cut was: all sectors alike, or each by itself. */
function mixSectors(before: Uint8Array, after: Uint8Array, random: Random): Uint8Array {
  const lengths = [before.length, after.length];
  const isGrown = after.length > before.length;
  const between = before.length + random.below(Math.max(1, after.length - before.length));
  const length = isGrown ? [...lengths, between][random.below(3)] : lengths[random.below(2)];
  const image = new Uint8Array(length ?? after.length);
  const keptOfHundred = [0, 10, 50, 90, 100][random.below(5)] ?? 50;
  for (let start = 0; start < image.length; start += SECTOR_BYTES) {
    const end = Math.min(start + SECTOR_BYTES, image.length);
    const old = sector(before, start, end);
    const fresh = sector(after, start, end);
    image.set(random.below(100) < keptOfHundred ? fresh : old, start);
    if (random.below(200) === 0) {
      const middle = start + random.below(end - start);
      image.set(fresh.subarray(0, middle - start), start);
      image.set(old.subarray(middle - start), middle);
    }
  }
  return image;
}

/** The sector's bytes; zeros beyond the end of the file. */
export function sector(file: Uint8Array, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  if (start < file.length) bytes.set(file.subarray(start, Math.min(end, file.length)));
  return bytes;
}

export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

// What a disk may hold after the power is cut.
//
// Killing a process does not test fsync: the page cache outlives it. So the files of a database are
// copied each time a commit was confirmed, when all before it must be on the disk. What was written
// since then may have reached the disk in any order, in part or not at all; the unit is a sector.
// Between two confirmed states an image takes each sector that differs from the older, from the
// newer, or torn in the middle; an appended end may be missing, or be there and hold nothing.
//
// SQLite orders two things by fsync, and so does the model: the log is synced before its pages go
// into the database file. An image whose database file has changed holds the whole newer log.
import type { Random } from "#shared/sim/index.ts";

const SECTOR_BYTES = 512;

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
  return { log: mixSectors(before.log, after.log, random), database: before.database };
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
function sector(file: Uint8Array, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  if (start < file.length) bytes.set(file.subarray(start, Math.min(end, file.length)));
  return bytes;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

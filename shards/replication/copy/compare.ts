import { FACT_FILLING, type Head } from "./head.ts";

/** How a copy stands to the source that it is to follow. */
export type Standing =
  /** Its last tick is in the source's journal: what comes after it can be added. */
  | "follows"
  /** There is nothing in it, or what an interrupted filling has left. */
  | "empty"
  /** Its history is the source's, but the journal does not reach back to it, or it is not whole. */
  | "behind"
  /** Its history is the source's up to some tick, and then another one. */
  | "diverged"
  /** It has ticks that the source has not. */
  | "ahead"
  /** It was written to under a later epoch than the source's. */
  | "fenced"
  /** It belongs to another shard, or to another life of this one. */
  | "foreign";

/** Compares by identity, epoch and chain; `link` is the source's checksum at the copy's tick. */
export function compareHeads(source: Head, copy: Head, link: number | undefined): Standing {
  if (!isSameLife(source.facts, copy.facts)) return "foreign";
  const { progress } = copy;
  const reached = source.progress;
  if (progress === undefined || reached === undefined) return "empty";
  if (progress.epoch > reached.epoch) return "fenced";
  if (link === undefined) return progress.tick > reached.tick ? "ahead" : "behind";
  if (link !== progress.checksum) return "diverged";
  const isWhole = copy.snapshotTick !== undefined && !copy.facts.has(FACT_FILLING);
  return isWhole ? "follows" : "behind";
}

/** The databases that this one's history was in before; the newest first. */
export function ancestorsOf(facts: ReadonlyMap<string, string>): string[] {
  return facts.get("ancestors")?.split(",") ?? [];
}

function isSameLife(
  source: ReadonlyMap<string, string>,
  copy: ReadonlyMap<string, string>,
): boolean {
  for (const name of ["shard_key", "world"]) {
    const value = copy.get(name);
    if (value !== undefined && value !== source.get(name)) return false;
  }
  const id = copy.get("database_id");
  return id === undefined || id === source.get("database_id") || ancestorsOf(source).includes(id);
}

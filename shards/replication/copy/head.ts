import { writeFact } from "../../persistence/facts.ts";
import { numberOf, type SqlClient, type SqlValue, type Statement } from "./sql.ts";

/** How far a shard's database reaches. */
export interface Progress {
  epoch: number;
  tick: number;
  /** Of the journal's chain up to that tick. */
  checksum: number;
}

/** What a copy of a shard's database says of itself. */
export interface Head {
  facts: ReadonlyMap<string, string>;
  /** Undefined where nothing was written yet. */
  progress: Progress | undefined;
  /** Newest snapshot; undefined where there is none. */
  snapshotTick: number | undefined;
}

/** Facts that go with the data; any other belongs to the one file. */
export const COPIED_FACTS = ["world", "shard_key", "database_id", "ancestors"] as const;
/** Random, new with each filling: a replica with another one holds what was there before. */
export const FACT_GENERATION = "replica_generation";
/** Present while a copy is being filled: until then it holds rows of different ticks. */
export const FACT_FILLING = "replica_filling";

/** Asks for a head, and takes part in a batch of reads. */
export const HEAD_STATEMENTS: readonly Statement[] = [
  { sql: "SELECT name, value FROM shard_facts", args: [] },
  { sql: "SELECT epoch, tick, checksum FROM progress", args: [] },
  { sql: "SELECT max(tick) FROM snapshots", args: [] },
];

type Results = Awaited<ReturnType<SqlClient["batch"]>>;

export function headOf([facts, progress, snapshot]: Results): Head {
  const pairs = facts?.rows.map((row): [string, string] => [String(row[0]), String(row[1])]);
  const tick = numberOf(progress, 1);
  return {
    facts: new Map(pairs),
    progress:
      tick === undefined
        ? undefined
        : { epoch: numberOf(progress) ?? 0, tick, checksum: numberOf(progress, 2) ?? 0 },
    snapshotTick: numberOf(snapshot),
  };
}

export async function readHead(client: SqlClient): Promise<Head> {
  return headOf(await client.batch([...HEAD_STATEMENTS], "read"));
}

/** Puts facts in place; undefined removes one. */
export function writeFacts(facts: Readonly<Record<string, string | undefined>>): Statement[] {
  return Object.entries(facts).map(([name, value]) =>
    value === undefined
      ? { sql: "DELETE FROM shard_facts WHERE name = ?", args: [name] }
      : writeFact(name, value),
  );
}

/**
 * Fails the batch that it begins unless the copy is as it was when it was looked at. A request
 * that was given up on may still arrive, even a minute later: it must not undo what came since.
 */
export function guard(seen: Progress | undefined): Statement {
  const here =
    seen === undefined
      ? "NOT EXISTS (SELECT 1 FROM progress)"
      : "EXISTS (SELECT 1 FROM progress WHERE epoch = ? AND tick = ? AND checksum = ?)";
  const args: SqlValue[] = seen === undefined ? [] : [seen.epoch, seen.tick, seen.checksum];
  // A fact without a value is refused by the table.
  return {
    sql: `INSERT INTO shard_facts (name, value, checksum)
      SELECT 'guard', NULL, 0 WHERE NOT ${here}`,
    args,
  };
}

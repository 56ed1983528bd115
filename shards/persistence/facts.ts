// What a shard's database tells of itself: to whom it belongs, and who it is.

import { asBytes, readText } from "#shared/infra/db/damaged-text.ts";
import type { Database } from "#shared/infra/db/database.ts";
import { checksumOfFact } from "./checksums.ts";

type Client = Pick<Database<Record<string, unknown>>["client"], "execute">;

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly checksum: number;
  /** Whether the row is as it was written. */
  readonly whole: boolean;
}

export async function readFacts(client: Client): Promise<Fact[]> {
  // Damage alone makes a number that JavaScript cannot hold.
  const { rows } = await client.execute(
    `SELECT ${asBytes("name")}, ${asBytes("value")}, min(checksum, 4294967296) FROM shard_facts`,
  );
  return rows.map((row) => {
    const [name, value] = [readText(row[0]), readText(row[1])];
    const checksum = Number(row[2]);
    return { name, value, checksum, whole: checksumOfFact(name, value) === checksum };
  });
}

/** Puts a fact in place, also of one that there is. */
export function writeFact(name: string, value: string): { sql: string; args: (string | number)[] } {
  return {
    sql:
      "INSERT INTO shard_facts (name, value, checksum) VALUES (?, ?, ?) ON CONFLICT (name) " +
      "DO UPDATE SET value = excluded.value, checksum = excluded.checksum",
    args: [name, value, checksumOfFact(name, value)],
  };
}

// What a shard's database tells of itself: to whom it belongs, and who it is.
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
  const sql = "SELECT name, value, min(checksum, 4294967296) FROM shard_facts";
  const { rows } = await client.execute(sql);
  return rows.map((row) => {
    const [name, value, checksum] = [String(row[0]), String(row[1]), Number(row[2])];
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

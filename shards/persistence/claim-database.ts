import type { Database } from "#shared/infra/db/database.ts";
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import type { StoreOptions } from "./store.ts";

type ShardDatabase = Pick<Database<Record<string, unknown>>, "client" | "place">;

/** Makes a new database this shard's, or checks as `checkOwner` does; the result is its id. */
export async function claimDatabase(
  database: ShardDatabase,
  options: Pick<StoreOptions, "shardKey" | "world" | "makeId">,
): Promise<string> {
  const facts = await readFacts(database);
  if (facts.size > 0) return refuseForeign(database.place, facts, options);
  return await found(database, options);
}

/** The database's id; throws DatabaseError when it is another world's or shard's. */
export async function checkOwner(
  database: ShardDatabase,
  owner: { shardKey: string; world: string },
): Promise<string> {
  return refuseForeign(database.place, await readFacts(database), owner);
}

async function readFacts({ client }: ShardDatabase): Promise<Map<string, string>> {
  const { rows } = await client.execute("SELECT name, value FROM shard_facts");
  return new Map(rows.map((row) => [String(row[0]), String(row[1])]));
}

async function found(
  { client }: ShardDatabase,
  { world, shardKey, makeId }: Pick<StoreOptions, "shardKey" | "world" | "makeId">,
): Promise<string> {
  const databaseId = makeId();
  await client.batch(
    [
      {
        sql: "INSERT INTO shard_facts VALUES ('world', ?), ('shard_key', ?), ('database_id', ?)",
        args: [world, shardKey, databaseId],
      },
      "INSERT INTO progress (id, epoch, tick, checksum) VALUES (1, 0, 0, 0)",
    ],
    "write",
  );
  return databaseId;
}

function refuseForeign(
  place: string,
  facts: ReadonlyMap<string, string>,
  owner: { shardKey: string; world: string },
): string {
  for (const [name, value] of [
    ["world", owner.world],
    ["shard_key", owner.shardKey],
  ] as const) {
    if (facts.get(name) === value) continue;
    throw new DatabaseError(
      "foreign",
      place,
      `cannot open shard database ${place}: its ${name} is ${facts.get(name)}, this shard's is ` +
        `${value}; nothing was changed. Start the shard that it belongs to, or give this one ` +
        "another folder with TESSERA_DATA",
    );
  }
  return facts.get("database_id") ?? "";
}

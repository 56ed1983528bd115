import type { Database } from "#shared/infra/db/database.ts";
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import { checksumOfEpoch } from "./checksums.ts";
import { Damage, damagedError } from "./damage.ts";
import { readFacts, writeFact } from "./facts.ts";
import { readProgress } from "./rows.ts";
import type { StoreOptions } from "./store.ts";

type ShardDatabase = Pick<Database<Record<string, unknown>>, "client" | "place">;

/** Makes a new database this shard's; throws DatabaseError for another's. The result is its id. */
export async function claimDatabase(
  database: ShardDatabase,
  options: Pick<StoreOptions, "shardKey" | "world" | "makeId">,
): Promise<string> {
  const facts = await readWholeFacts(database);
  if (facts.size > 0 || (await readProgress(database.client)) !== undefined)
    return refuseForeign(database.place, facts, options);
  return await found(database, options);
}

async function readWholeFacts({ client, place }: ShardDatabase): Promise<Map<string, string>> {
  const facts = await readFacts(client);
  const damaged = facts.find(({ whole }) => !whole);
  if (damaged !== undefined) {
    throw damagedError(place, new Damage(`the fact ${damaged.name} that it tells is damaged`));
  }
  return new Map(facts.map(({ name, value }) => [name, value]));
}

async function found(
  { client }: ShardDatabase,
  { world, shardKey, makeId }: Pick<StoreOptions, "shardKey" | "world" | "makeId">,
): Promise<string> {
  const databaseId = makeId();
  await client.batch(
    [
      writeFact("world", world),
      writeFact("shard_key", shardKey),
      writeFact("database_id", databaseId),
      {
        sql:
          "INSERT INTO progress (id, epoch, epoch_checksum, tick, checksum) " +
          "VALUES (1, 0, ?, 0, 0)",
        args: [checksumOfEpoch(0)],
      },
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
    if (!facts.has(name)) throw damagedError(place, new Damage(`its fact ${name} is missing`));
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

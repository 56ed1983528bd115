import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import type { Recovery, RecoveryRequest } from "../../persistence/messages.ts";
import { readRecovery } from "../../persistence/recovery.ts";
import { guardRecovery, SHARD_MIGRATIONS } from "../../persistence/shard-store.ts";
import { ancestorsOf } from "../copy/compare.ts";
import { FACT_FILLING, FACT_GENERATION, readHead, writeFacts } from "../copy/head.ts";
import type { SqlClient } from "../copy/sql.ts";

/** The id of the life that begins when this copy is taken over. */
const FACT_NEXT_ID = "standby_next_id";
/** Lives that a database tells of at most; an older replica is somebody else's. */
const ANCESTORS_MAX = 16;

/** The database file that a standby fills, and that becomes the shard's own when it takes over. */
export interface OwnCopy {
  readonly client: SqlClient;
  /** Reads and checks what a shard would start from. */
  recover(request?: RecoveryRequest): Promise<Recovery>;
  /** The id for `succeed`, the same after a restart: a lease may have been granted for it. */
  nextId(): Promise<string>;
  /** Begins a new life of the shard's database: what its owners wrote before goes on here. */
  succeed(databaseId: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens or makes the file; throws DatabaseError when it is damaged or another version's. */
export async function openOwnCopy(path: string): Promise<OwnCopy> {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const database = await openDatabase({ place: path, schema });
  const { client, place } = database;
  try {
    await migrateDatabase(database, SHARD_MIGRATIONS);
  } catch (error) {
    await database.close();
    throw error;
  }
  const idOf = async () => (await readHead(client)).facts.get("database_id") ?? "";
  return {
    client,
    recover: (request) =>
      guardRecovery(place, async () => readRecovery({ client, id: await idOf() }, request)),
    async nextId() {
      const kept = (await readHead(client)).facts.get(FACT_NEXT_ID);
      if (kept !== undefined) return kept;
      const nextId = crypto.randomUUID();
      await client.batch(writeFacts({ [FACT_NEXT_ID]: nextId }), "write");
      return nextId;
    },
    async succeed(databaseId) {
      const { facts } = await readHead(client);
      const before = [facts.get("database_id") ?? "", ...ancestorsOf(facts)];
      const ancestors = before.slice(0, ANCESTORS_MAX).join();
      const own = { database_id: databaseId, ancestors };
      const over = [FACT_FILLING, FACT_GENERATION, FACT_NEXT_ID].map((name) => [name, undefined]);
      await client.batch(writeFacts({ ...own, ...Object.fromEntries(over) }), "write");
    },
    close: () => database.close(),
  };
}

import { join } from "node:path";
import { and, asc, desc, eq, gt, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import {
  type Database,
  DatabaseError,
  migrateDatabase,
  openDatabase,
} from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { LoadedMessage, LoadRequest, TickRecord } from "../loop/messages.ts";
import type { FoundDatabase, Recovery } from "./messages.ts";

const MIGRATIONS = join(import.meta.dir, "../../shared/infra/db/migrations/shard");
/** Snapshots that are kept; the journal reaches back to the oldest of them. */
const SNAPSHOTS_KEPT = 3;

const isDatabaseId = eq(schema.shardFacts.name, "database_id");

type Statement = BatchItem<"sqlite">;

export interface ShardStoreOptions {
  path: string;
  shardKey: string;
  world: string;
  clock: Clock;
}

/** A shard's own database: its single reader and writer. */
export class ShardStore {
  readonly #database: Database<typeof schema>;
  readonly #clock: Clock;
  /** Last committed. */
  #tick = 0;
  #epoch = 0;

  private constructor(database: Database<typeof schema>, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Opens or creates the file; throws DatabaseError when it is not this shard's or not sound. */
  static async open(options: ShardStoreOptions): Promise<ShardStore> {
    const { path, clock } = options;
    // NORMAL: a commit survives the death of the process; a power cut may cost the last ones.
    const database = await openDatabase({ place: path, schema, synchronous: "NORMAL" });
    try {
      await migrateDatabase(database, MIGRATIONS);
      await claim(database, options);
    } catch (error) {
      await database.close();
      throw error;
    }
    return new ShardStore(database, clock);
  }

  /** Reads what the shard starts from; throws DatabaseError when the rest would not be whole. */
  async recover(): Promise<Recovery> {
    const { orm } = this.#database;
    const warnings: string[] = [];
    const snapshot = await this.#newestSnapshot(warnings);
    const rows = await orm
      .select()
      .from(schema.journal)
      .where(gt(schema.journal.tick, snapshot?.tick ?? 0))
      .orderBy(asc(schema.journal.tick));
    let expected = (snapshot?.tick ?? 0) + 1;
    for (const row of rows) {
      if (row.tick !== expected) throw this.#damaged(`the journal lacks tick ${expected}`);
      if (Bun.hash.crc32(row.inputs) !== row.checksum) {
        throw this.#damaged(`the journal's tick ${row.tick} is damaged`);
      }
      expected += 1;
    }
    this.#tick = expected - 1;
    const { playerId, tokenHash } = schema.sessions;
    const sessions = await orm
      .select({ playerId, tokenHash: sql<string>`${tokenHash}` })
      .from(schema.sessions)
      .where(isNotNull(tokenHash));
    return {
      database: await this.#find(),
      snapshot: snapshot?.state,
      journal: rows.map(({ tick, inputs }) => ({ tick, inputs })),
      sessions: new Map(sessions.map(({ playerId, tokenHash }) => [playerId, tokenHash])),
      warnings,
    };
  }

  /** Notes under which epoch is written from here on; throws when a higher one has written. */
  async own(epoch: number): Promise<void> {
    const { orm, place } = this.#database;
    const { progress } = schema;
    const noted = await orm.update(progress).set({ epoch }).where(lte(progress.epoch, epoch));
    this.#epoch = epoch;
    if (noted.rowsAffected === 1) return;
    throw new DatabaseError(
      "foreign",
      place,
      `cannot write to shard database ${place} under epoch ${epoch}: a later owner has written ` +
        "to it; start the shard again",
    );
  }

  /** Writes ticks and what they left behind, all in one transaction. */
  async commit(records: readonly TickRecord[]): Promise<void> {
    const { orm } = this.#database;
    const statements: Statement[] = [];
    const epoch = this.#epoch;
    for (const { tick, inputs, departed, sessions } of records) {
      const checksum = Bun.hash.crc32(inputs);
      statements.push(
        orm.insert(schema.journal).values({ tick, epoch, checksum, inputs: Buffer.from(inputs) }),
      );
      for (const { playerId, state } of departed) {
        const row = {
          playerId,
          tick,
          checksum: Bun.hash.crc32(state),
          state: Buffer.from(state),
        };
        statements.push(
          orm
            .insert(schema.playerStates)
            .values(row)
            .onConflictDoUpdate({ target: schema.playerStates.playerId, set: row }),
        );
      }
      for (const { playerId, tokenHash = null } of sessions) {
        const row = { playerId, tick, tokenHash };
        statements.push(
          orm
            .insert(schema.sessions)
            .values(row)
            .onConflictDoUpdate({ target: schema.sessions.playerId, set: row }),
        );
      }
    }
    const tick = records.at(-1)?.tick ?? this.#tick;
    statements.push(orm.update(schema.progress).set({ tick }));
    await this.#write(statements);
    this.#tick = tick;
  }

  /** Finds what is kept of a player, and uses up its join ticket. */
  async load(request: LoadRequest): Promise<LoadedMessage> {
    const { orm } = this.#database;
    const { connection, playerId, ticket } = request;
    let ticketFresh = true;
    if (ticket !== undefined) {
      const used = await orm
        .insert(schema.usedTickets)
        .values({ id: ticket.id, tick: this.#tick + 1, expiresAtMs: ticket.expiresMs })
        .onConflictDoNothing();
      ticketFresh = used.rowsAffected === 1;
    }
    const [row] = await orm
      .select({ state: schema.playerStates.state })
      .from(schema.playerStates)
      .where(eq(schema.playerStates.playerId, playerId));
    return { kind: "loaded", connection, ticketFresh, state: row?.state, answers: [] };
  }

  /** Stores a snapshot, drops those that are too old and the journal behind them. */
  async saveSnapshot(tick: number, bytes: Uint8Array): Promise<number> {
    const { orm } = this.#database;
    const state = await Bun.zstdCompress(bytes);
    const savedAtMs = Math.trunc(this.#clock.wallMs());
    const checksum = Bun.hash.crc32(state);
    const row = { tick, epoch: this.#epoch, savedAtMs, journalChecksum: 0, checksum, state };
    const { snapshots, journal, sessions, usedTickets } = schema;
    const oldestKept = sql`(select min(tick) from (select tick from ${snapshots}
      order by tick desc limit ${SNAPSHOTS_KEPT}))`;
    const oldest = sql`(select min(tick) from ${snapshots})`;
    await this.#write([
      orm.insert(snapshots).values(row).onConflictDoUpdate({ target: snapshots.tick, set: row }),
      orm.delete(snapshots).where(sql`${snapshots.tick} < ${oldestKept}`),
      orm.delete(journal).where(lte(journal.tick, oldest)),
      orm.delete(sessions).where(and(isNull(sessions.tokenHash), lte(sessions.tick, oldest))),
      orm.delete(usedTickets).where(lt(usedTickets.expiresAtMs, savedAtMs)),
    ]);
    return state.length;
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async #find(): Promise<FoundDatabase> {
    const { orm, place } = this.#database;
    const [fact] = await orm.select().from(schema.shardFacts).where(isDatabaseId);
    const [reached] = await orm.select().from(schema.progress);
    if (fact === undefined || reached === undefined) {
      throw new DatabaseError("damaged", place, `cannot read ${place}: it has no database_id`);
    }
    return { id: fact.value, epoch: reached.epoch, tick: reached.tick };
  }

  async #write(statements: Statement[]): Promise<void> {
    const [first, ...rest] = statements;
    if (first !== undefined) await this.#database.orm.batch([first, ...rest]);
  }

  async #newestSnapshot(warnings: string[]): Promise<{ tick: number; state: Buffer } | undefined> {
    const rows = await this.#database.orm
      .select()
      .from(schema.snapshots)
      .orderBy(desc(schema.snapshots.tick));
    for (const { tick, checksum, state } of rows) {
      if (Bun.hash.crc32(state) === checksum)
        return { tick, state: await Bun.zstdDecompress(state) };
      warnings.push(`snapshot of tick ${tick} is damaged, falling back to an older one`);
    }
    if (rows.length > 0) throw this.#damaged("none of its snapshots is readable");
    return undefined;
  }

  #damaged(what: string): DatabaseError {
    const { place } = this.#database;
    return new DatabaseError(
      "damaged",
      place,
      `cannot restore shard from ${place}: ${what}; nothing was changed. Put a backup in its ` +
        "place, or move the file away to start the world anew",
    );
  }
}

/** Makes a new database this shard's, or checks that an old one is. */
async function claim(database: Database<typeof schema>, options: ShardStoreOptions): Promise<void> {
  const { orm, place } = database;
  const facts = new Map(
    (await orm.select().from(schema.shardFacts)).map(({ name, value }) => [name, value]),
  );
  if (facts.size === 0) {
    await orm.batch([
      orm.insert(schema.shardFacts).values([
        { name: "world", value: options.world },
        { name: "shard_key", value: options.shardKey },
        { name: "database_id", value: crypto.randomUUID() },
      ]),
      orm.insert(schema.progress).values({ id: 1, epoch: 0, tick: 0, checksum: 0 }),
    ]);
    return;
  }
  for (const [name, value] of [
    ["world", options.world],
    ["shard_key", options.shardKey],
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
}

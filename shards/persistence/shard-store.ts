import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkSchema } from "#shared/infra/db/check-schema.ts";
import { asBytes, readText } from "#shared/infra/db/damaged-text.ts";
import {
  type Database,
  migrateDatabase,
  openDatabase,
  type Statement,
} from "#shared/infra/db/database.ts";
import { DatabaseError } from "#shared/infra/db/database-error.ts";
import { DatabaseHold } from "#shared/infra/db/database-hold.ts";
import type { HoldAnswer, HoldRequest } from "#shared/infra/db/hold-messages.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { ConfigurationError } from "#shared/infra/settings.ts";
import type { LoadedMessage, LoadRequest, OutboxMessage } from "../loop/messages.ts";
import { checksumOfEpoch, checksumOfSnapshot } from "./checksums.ts";
import { claimDatabase } from "./claim-database.ts";
import { type CommitMark, CommitMarkFile } from "./commit-mark.ts";
import { Damage, damagedError } from "./damage.ts";
import { Housekeeping } from "./housekeeping.ts";
import { ANSWERS_PER_PLAYER_MAX, readLasting } from "./lasting.ts";
import { isLarge, LateCheck } from "./late-check.ts";
import type { Lasting, Recovery, RecoveryRequest } from "./messages.ts";
import { readRecovery } from "./recovery.ts";
import {
  listSnapshots,
  readAnswersOf,
  readJournal,
  readJournalRange,
  readOutbox,
  readPlayerState,
  readProgress,
  type ShardClient,
} from "./rows.ts";
import { fencedError, guardStorage, StorageError } from "./storage-error.ts";
import type { Store, StoreBatch, StoreOptions } from "./store.ts";
import {
  fenceStatement,
  type JournalEnd,
  journalStatements,
  lastingStatements,
  ticketStatements,
  toldStatements,
} from "./write-statements.ts";

export const SHARD_MIGRATIONS = join(import.meta.dir, "../../shared/infra/db/migrations/shard");
/** Snapshots that are kept; the journal reaches back to the oldest of them. */
const SNAPSHOTS_KEPT = 3;

/** A shard's own database: its single reader and writer. */
export class ShardStore implements Store {
  readonly #database: Database<typeof schema>;
  readonly #options: StoreOptions;
  readonly #housekeeping: Housekeeping;
  readonly #hold: DatabaseHold;
  readonly #id: string;
  readonly #mark: CommitMarkFile;
  #end: JournalEnd;
  readonly #foundEpoch: number;
  /** Under which this process writes. */
  #epoch = 0;
  /** Of the newest snapshot; -1 when there is none. */
  #snapshotTick: number;
  /** Of a large database: looks at what the start did not. */
  #late: LateCheck | undefined;

  private constructor(database: Database<typeof schema>, options: StoreOptions, found: Found) {
    this.#database = database;
    this.#options = options;
    this.#hold = new DatabaseHold({ database, clock: options.clock });
    this.#id = found.id;
    this.#mark = found.mark;
    this.#end = found.end;
    this.#foundEpoch = found.epoch;
    this.#snapshotTick = found.snapshotTick;
    const { tickRate } = options;
    this.#housekeeping = new Housekeeping({ tickRate, firstTick: found.firstTick });
  }

  /** Opens or creates the file; throws DatabaseError when it is not this shard's or not sound. */
  static async open(options: StoreOptions): Promise<ShardStore> {
    const mark = new CommitMarkFile(options.path);
    const isNew = !existsSync(options.path);
    if (!isNew && statSync(options.path).size === 0) mark.refuseEmptied();
    const database = await openDatabase({ place: options.path, schema, synchronous: "FULL" });
    try {
      if (!isNew && (await isEmpty(database.client))) mark.refuseEmptied();
      await migrateDatabase(database, SHARD_MIGRATIONS);
      await checkSchema(database, SHARD_MIGRATIONS);
      const id = await claimDatabase(database, options);
      const { client } = database;
      const { epoch = 0, tick = 0, checksum = 0 } = (await readProgress(client)) ?? {};
      const firstTick = (await readJournalRange(client))?.first ?? 0;
      const [snapshotTick = -1] = await listSnapshots(client);
      const end = { tick, checksum };
      return new ShardStore(database, options, { id, mark, epoch, end, firstTick, snapshotTick });
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** For reading what is committed, on this thread. */
  get client(): ShardClient {
    return this.#database.client;
  }

  get tick(): number {
    return this.#end.tick;
  }

  /** Throws DatabaseError with the way out when what is left would not be whole. */
  async recover(request: RecoveryRequest = {}): Promise<Recovery> {
    const { client, place } = this.#database;
    const recovery = await guardRecovery(place, () => {
      return readRecovery({ client, id: this.#id }, request);
    });
    const { atTick, snapshotBefore } = request;
    if (atTick !== undefined || snapshotBefore !== undefined) return recovery;
    recovery.warnings.unshift(...this.#mark.findLost(this.#reached()));
    return recovery;
  }

  async readLasting(): Promise<Lasting> {
    const { client, place } = this.#database;
    return await guardRecovery(place, () => readLasting(client, this.#end.tick));
  }

  async verify(): Promise<void> {
    const { client, place } = this.#database;
    await guardRecovery(place, async () => {
      if (await isLarge(client)) {
        this.#late = new LateCheck(client);
        return;
      }
      const { rows } = await client.execute(
        `SELECT ${asBytes("integrity_check")} FROM pragma_integrity_check(1)`,
      );
      const verdict = readText(rows[0]?.[0]);
      if (verdict !== "ok") throw new Damage(verdict);
    });
  }

  async checkOn(): Promise<boolean> {
    const late = this.#late;
    if (late === undefined) return false;
    return await guardStorage("read", this.#database.place, () => late.next());
  }

  async own(epoch: number): Promise<void> {
    const sql = "UPDATE progress SET epoch = ?1, epoch_checksum = ?2 WHERE epoch <= ?1";
    const [changed] = await this.#write([{ sql, args: [epoch, checksumOfEpoch(epoch)] }]);
    this.#epoch = epoch;
    if (changed !== 1) throw fencedError("write", this.#database.place);
    this.#mark.write(this.#reached());
  }

  async write({ records, tickets, told }: StoreBatch): Promise<boolean[]> {
    const journal = journalStatements(records, this.#epoch, this.#end);
    const { end } = journal;
    const results = await this.#write([
      // First, so that their results are found first.
      ...ticketStatements(tickets, end.tick + 1),
      ...(records.length === 0 ? [fenceStatement(this.#epoch)] : journal.statements),
      ...lastingStatements(records),
      ...toldStatements(told),
      ...this.#housekeeping.besides(records),
    ]);
    this.#end = end;
    this.#mark.write(this.#reached());
    return tickets.map((_, index) => results[index] === 1);
  }

  async load({ connection, playerId }: LoadRequest, ticketFresh: boolean): Promise<LoadedMessage> {
    const { client } = this.#database;
    return await this.#guard("read", async () => {
      const kept = await readPlayerState(client, playerId);
      const rows = await readAnswersOf(client, playerId, ANSWERS_PER_PLAYER_MAX);
      if (kept?.whole === false || rows.some(({ whole }) => !whole)) {
        throw new Damage(`what it keeps of player ${playerId} is damaged`);
      }
      const answers = rows.map(({ actionId, answer }) => ({ playerId, actionId, answer }));
      return { kind: "loaded", connection, ticketFresh, state: kept?.state, answers };
    });
  }

  async readOutbox(count: number): Promise<OutboxMessage[]> {
    const { client } = this.#database;
    return await this.#guard("read", async () => {
      const rows = await readOutbox(client, count);
      const damaged = rows.find(({ whole }) => !whole);
      if (damaged !== undefined) throw new Damage(`message ${damaged.id} to be told is damaged`);
      return rows.map(({ id, topic, message }) => ({ id, topic, message }));
    });
  }

  async saveSnapshot(tick: number, state: Uint8Array): Promise<void> {
    const epoch = this.#epoch;
    const journalChecksum = await this.#checksumAt(tick);
    const savedAtMs = Math.trunc(this.#options.clock.wallMs());
    const row = { tick, epoch, savedAtMs, journalChecksum, state };
    await this.#write([
      {
        // No REPLACE, which removes a row without its trigger.
        sql:
          "INSERT INTO snapshots (tick, epoch, saved_at_ms, journal_checksum, checksum, state) " +
          "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tick) DO UPDATE SET epoch = excluded.epoch, " +
          "saved_at_ms = excluded.saved_at_ms, journal_checksum = excluded.journal_checksum, " +
          "checksum = excluded.checksum, state = excluded.state",
        args: [tick, epoch, savedAtMs, journalChecksum, checksumOfSnapshot(row), state],
      },
      {
        sql:
          "DELETE FROM snapshots WHERE tick NOT IN " +
          "(SELECT tick FROM snapshots ORDER BY tick DESC LIMIT ?)",
        args: [SNAPSHOTS_KEPT],
      },
      ...this.#housekeeping.besidesSnapshot(tick, savedAtMs),
    ]);
    this.#snapshotTick = Math.max(this.#snapshotTick, tick);
    this.#mark.write(this.#reached());
    const { client } = this.#database;
    const oldest = await this.#guard("read", () =>
      client.execute("SELECT min(tick) FROM snapshots"),
    );
    this.#housekeeping.keepFrom(Number(oldest.rows[0]?.[0]));
  }

  async hold(request: HoldRequest): Promise<HoldAnswer> {
    return await this.#hold.handle(request);
  }

  async close(): Promise<void> {
    this.#mark.close();
    await this.#hold.end();
    await this.#database.close();
  }

  /** How far the database is. */
  #reached(): CommitMark {
    const { tick } = this.#end;
    const epoch = Math.max(this.#epoch, this.#foundEpoch);
    return { databaseId: this.#id, epoch, tick, snapshotTick: this.#snapshotTick };
  }

  /** The journal's checksum after a committed tick. */
  async #checksumAt(tick: number): Promise<number> {
    if (tick === this.#end.tick) return this.#end.checksum;
    const { client, place } = this.#database;
    const [record] = await this.#guard("read", () => readJournal(client, tick - 1, tick));
    if (record !== undefined) return record.checksum;
    throw new StorageError(
      "fatal",
      `cannot save a snapshot of tick ${tick} in ${place}: its journal has no such tick`,
    );
  }

  /** All statements in one transaction; the result is how many rows each has changed. */
  async #write(statements: Statement[]): Promise<number[]> {
    if (statements.length === 0) return [];
    const { client } = this.#database;
    const results = await this.#guard("write", () => client.batch(statements, "write"));
    return results.map(({ rowsAffected }) => rowsAffected);
  }

  #guard<T>(verb: "write" | "read", action: () => Promise<T>): Promise<T> {
    return guardStorage(verb, this.#database.place, action);
  }
}

interface Found {
  id: string;
  mark: CommitMarkFile;
  epoch: number;
  snapshotTick: number;
  end: JournalEnd;
  firstTick: number;
}

async function isEmpty(client: ShardClient): Promise<boolean> {
  return (await client.execute("SELECT 1 FROM sqlite_schema LIMIT 1")).rows.length === 0;
}

/** Runs a recovery; whatever cannot be read is damage, with the way out. */
export async function guardRecovery<T>(place: string, action: () => Promise<T>): Promise<T> {
  try {
    return await guardStorage("read", place, action);
  } catch (error) {
    const cause = error instanceof StorageError ? error.cause : error;
    if (error instanceof StorageError && error.kind === "passing") throw error;
    if (cause instanceof DatabaseError || cause instanceof ConfigurationError) throw cause;
    throw damagedError(place, cause);
  }
}

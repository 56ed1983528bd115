import { type Database, migrateDatabase, openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import { createRandom, type Random } from "#shared/sim/index.ts";
import {
  checksumOfEpoch,
  checksumOfRecord,
  checksumOfSnapshot,
} from "../../persistence/checksums.ts";
import { writeFact } from "../../persistence/facts.ts";
import { SHARD_MIGRATIONS } from "../../persistence/shard-store.ts";
import { CHANGING_TABLES } from "../copy/changes.ts";
import { insertRows, rowsOf, type SqlClient, type SqlValue } from "../copy/sql.ts";

const PLAYERS = 20;
const TABLES = ["snapshots", "journal", ...CHANGING_TABLES];

/**
 * A shard's database with made-up content, as the persistence Worker would write it: what copying
 * has to bring over is all there, and no world is needed.
 */
export class PaperShard implements AsyncDisposable {
  readonly #database: Database<typeof schema>;
  readonly #random: Random;
  #tick = 0;
  #epoch = 1;
  /** Of the journal's chain. */
  #checksum = 0;

  private constructor(database: Database<typeof schema>, seed: number) {
    this.#database = database;
    this.#random = createRandom(seed);
  }

  /** A new database in memory. */
  static async create(options: { id: string; shardKey?: string; seed?: number }) {
    const database = await openDatabase({ place: ":memory:", schema });
    await migrateDatabase(database, SHARD_MIGRATIONS);
    const shard = new PaperShard(database, options.seed ?? 1);
    const facts = { world: "arena", shard_key: options.shardKey ?? "arena:1:eu-west-1" };
    for (const [name, value] of Object.entries({ ...facts, database_id: options.id })) {
      await shard.setFact(name, value);
    }
    await shard.client.batch(
      [`INSERT INTO progress VALUES (1, 1, ${checksumOfEpoch(1)}, 0, 0)`],
      "write",
    );
    await shard.snapshot();
    return shard;
  }

  get client(): SqlClient {
    return this.#database.client;
  }

  get tick(): number {
    return this.#tick;
  }

  async setFact(name: string, value: string): Promise<void> {
    await this.client.batch([writeFact(name, value)], "write");
  }

  /** From here on somebody else owns it. */
  succeed(): void {
    this.#epoch += 1;
  }

  /** Runs ticks, each with changes in every table. */
  async run(ticks: number): Promise<void> {
    for (let count = 0; count < ticks; count += 1) await this.#runTick();
  }

  /** Keeps a snapshot of the last tick, and the two before it with the journal behind them. */
  async snapshot(): Promise<void> {
    const oldest = "(SELECT min(tick) FROM snapshots)";
    const [tick, epoch, journalChecksum] = [this.#tick, this.#epoch, this.#checksum];
    const savedAtMs = 1_000 * tick;
    const state = this.#bytes(2_000);
    const checksum = checksumOfSnapshot({ tick, epoch, savedAtMs, journalChecksum, state });
    await this.client.batch(
      [
        {
          sql: `INSERT INTO snapshots (tick, epoch, saved_at_ms, journal_checksum, checksum, state)
            VALUES (?, ?, ?, ?, ?, ?)`,
          args: [tick, epoch, savedAtMs, journalChecksum, checksum, state],
        },
        `DELETE FROM snapshots WHERE tick NOT IN
          (SELECT tick FROM snapshots ORDER BY tick DESC LIMIT 3)`,
        `DELETE FROM journal WHERE tick < ${oldest}`,
        `DELETE FROM sessions WHERE token_hash IS NULL AND tick <= ${oldest}`,
        `DELETE FROM used_tickets WHERE expires_at_ms < ${1_000 * this.#tick}`,
      ],
      "write",
    );
  }

  /** All messages of the outbox were told. */
  async tell(): Promise<void> {
    await this.client.batch(["DELETE FROM outbox"], "write");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
  }

  async #runTick(): Promise<void> {
    this.#tick += 1;
    const tick = this.#tick;
    const inputs = this.#bytes(50);
    const record = { epoch: this.#epoch, tick, stateHash: null, inputs };
    this.#checksum = checksumOfRecord(this.#checksum, record);
    const place: SqlValue[] = [this.#epoch, tick, this.#checksum];
    const player = `player-${this.#random.below(PLAYERS)}`;
    const token = this.#random.below(3) === 0 ? null : `hash-${this.#number()}`;
    const put = (table: string, columns: readonly string[], row: SqlValue[]) =>
      insertRows(table, { columns, rows: [row] });
    await this.client.batch(
      [
        ...put("journal", ["epoch", "tick", "checksum", "inputs"], [...place, inputs]),
        {
          sql: `UPDATE progress SET epoch = ?1, tick = ?2, checksum = ?3, epoch_checksum = ?4`,
          args: [...place, checksumOfEpoch(this.#epoch)],
        },
        ...put(
          "player_states",
          ["player_id", "tick", "checksum", "state"],
          [player, tick, this.#number(), this.#bytes(30)],
        ),
        ...put(
          "sessions",
          ["player_id", "tick", "checksum", "token_hash"],
          [player, tick, this.#number(), token],
        ),
        ...put(
          "used_tickets",
          ["id", "tick", "checksum", "expires_at_ms"],
          [`ticket-${tick}`, tick, this.#number(), 1_000 * (tick + 30)],
        ),
        ...put(
          "answers",
          ["player_id", "action_id", "tick", "checksum", "answer"],
          [player, this.#bytes(16), tick, this.#number(), this.#bytes(20)],
        ),
        ...put(
          "outbox",
          ["id", "tick", "topic", "checksum", "message"],
          [`id-${tick}`, tick, "t", this.#number(), this.#bytes(9)],
        ),
      ],
      "write",
    );
  }

  #number(): number {
    return this.#random.uint32();
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }
}

/** All that a copy must have like its source, as text that can be compared. */
export async function dump(client: SqlClient): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for (const table of [...TABLES, "progress"]) {
    const [result] = await client.batch([`SELECT * FROM ${table}`], "read");
    const { columns, rows } = rowsOf(result);
    content[table] = rows
      .map((row) => row.map((value, i) => show(columns[i], value)).join())
      .sort();
  }
  return content;
}

function show(name: string | undefined, value: SqlValue): string {
  const text = value instanceof ArrayBuffer ? Buffer.from(value).toString("hex") : String(value);
  return `${name}=${text}`;
}

// A shard's database on a real file, for tests of what keeps it.
import { join } from "node:path";
import { openDatabase, type Statement } from "#shared/infra/db/database.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { createTempDir } from "#shared/testing/temp-dir.ts";
import type { TickRecord } from "../loop/messages.ts";
import { writeSilently } from "../testing/write-silently.ts";
import { ShardStore } from "./shard-store.ts";
import type { StoreOptions } from "./store.ts";

export const DATABASE_ID = "0b7c4f7e-5f0e-4d0c-9a51-6f8d2a3b4c5d";

/** A tick's record whose inputs are its number. */
export function recordOf(tick: number, more: Partial<TickRecord> = {}): TickRecord {
  const nothing = { departed: [], sessions: [], answers: [], outbox: [], stateHash: undefined };
  return { tick, inputs: new Uint8Array([tick]), ...nothing, ...more };
}

export function recordsOf(first: number, last: number): TickRecord[] {
  return Array.from({ length: last - first + 1 }, (_, index) => recordOf(first + index));
}

/** 16 bytes. */
export function actionId(value: number): Uint8Array {
  return new Uint8Array(16).fill(value);
}

/** A folder with one database, opened as often as a test likes; `await using` removes it. */
export class StoreFixture implements AsyncDisposable {
  readonly #folder = createTempDir();
  readonly path = join(this.#folder.path, "shard.db");
  readonly clock = new FakeClock();
  #store: ShardStore | undefined;

  /** Closes the store that is open and opens it again, under `epoch` unless that is 0. */
  async open(epoch = 1, options: Partial<StoreOptions> = {}): Promise<ShardStore> {
    await this.close();
    const store = await ShardStore.open({
      path: this.path,
      shardKey: "arena:1:eu-west-1",
      world: "arena",
      tickRate: 30,
      clock: this.clock,
      makeId: () => DATABASE_ID,
      ...options,
    });
    this.#store = store;
    if (epoch > 0) await store.own(epoch);
    return store;
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  /** Runs statements on the file while no store has it open. */
  async tamper(...statements: Statement[]): Promise<void> {
    await this.close();
    await using database = await openDatabase({ place: this.path, schema: {} });
    await database.client.batch(statements, "write");
  }

  /** The same behind the back of the triggers. */
  async damage(...statements: Statement[]): Promise<void> {
    await this.close();
    await using database = await openDatabase({ place: this.path, schema: {} });
    await writeSilently(database, statements);
  }

  /** The values of a query on the file while no store has it open. */
  async query(sql: string): Promise<unknown[][]> {
    await this.close();
    await using database = await openDatabase({ place: this.path, schema: {} });
    const { columns, rows } = await database.client.execute(sql);
    return rows.map((row) => columns.map((_, index) => row[index]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    this.#folder[Symbol.dispose]();
  }
}

/** What an action was refused with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("expected a failure");
}

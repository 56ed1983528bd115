// Lets another process copy a database file while this one goes on writing.
//
// A copy through the connection (`VACUUM INTO`) keeps the connection busy for as long as it takes,
// and no other process may open the file. But in WAL mode the file itself changes only at
// checkpoints: what is written stands in the -wal beside it. So for a backup the WAL is brought
// into the file once, and then there are no checkpoints until the copy is made: it can be read byte
// by byte, at any pace, while commits go on. All it costs the writer is one checkpoint.
//
//   who copies                     this process
//   take    ────────────────────►  checkpoint, then none of its own accord
//   reads the file, renews  ────►  still held
//   release ────────────────────►  "it was held all the time", checkpoints again
//
// Only the answer to the release makes the copy good. A process that was started again, or gave the
// hold up at one of its bounds, does not know it any more, and the copy is thrown away.
import { existsSync, statSync } from "node:fs";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Database } from "./database.ts";
import type { HoldAnswer, HoldRequest } from "./hold-messages.ts";

/** After this long without a word from who copies, the hold ends. */
const SILENCE_MS_MAX = 15_000;
/** A WAL longer than this ends the hold: whoever copies is too slow. */
const WAL_BYTES_MAX = 1024 * 1024 * 1024;

export interface DatabaseHoldOptions {
  readonly database: Pick<Database<Record<string, unknown>>, "client" | "place">;
  readonly clock: Clock;
}

/** The one hold that a database may be under. */
export class DatabaseHold {
  readonly #database: DatabaseHoldOptions["database"];
  readonly #clock: Clock;
  #holder: string | undefined;
  #autocheckpoint = 0;
  #cancelExpiry: CancelTimer = () => undefined;

  constructor({ database, clock }: DatabaseHoldOptions) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Does what is asked; `held` tells whether the file has been still since the hold was taken. */
  async handle({ action, id }: HoldRequest): Promise<HoldAnswer> {
    if (action === "take") return this.#take(id);
    if (this.#holder !== id) return refusal("this hold is over, or was never taken");
    if (action === "renew") return this.#renew();
    const file = describeFile(this.#database.place);
    await this.#end();
    return { held: true, file };
  }

  /** Ends a hold, which makes the copy void; to be called before the database is closed. */
  async end(): Promise<void> {
    if (this.#holder !== undefined) await this.#end();
  }

  async #take(id: string): Promise<HoldAnswer> {
    const { client, place } = this.#database;
    if (!existsSync(place)) return refusal(`${place} is no file of this machine`);
    if (this.#holder !== undefined) return refusal("another backup is being made");
    this.#holder = id;
    try {
      const before = await client.execute("PRAGMA wal_autocheckpoint");
      this.#autocheckpoint = Number(before.rows[0]?.[0]);
      await client.execute("PRAGMA wal_autocheckpoint = 0");
      const done = await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      if (Number(done.rows[0]?.[0]) !== 0) throw new Error("the WAL could not be written back");
    } catch (error) {
      await this.#end();
      throw error;
    }
    return this.#renew();
  }

  async #renew(): Promise<HoldAnswer> {
    this.#cancelExpiry();
    const wal = `${this.#database.place}-wal`;
    if (existsSync(wal) && statSync(wal).size > WAL_BYTES_MAX) {
      await this.#end();
      return refusal(`more than ${WAL_BYTES_MAX} bytes were written meanwhile`);
    }
    this.#cancelExpiry = this.#clock.schedule(SILENCE_MS_MAX, () => {
      // What fails here fails at the next commit as well, where it is told.
      void this.#end().catch(() => undefined);
    });
    return { held: true, file: describeFile(this.#database.place) };
  }

  async #end(): Promise<void> {
    this.#cancelExpiry();
    this.#holder = undefined;
    // The next commit checkpoints what has gathered.
    await this.#database.client.execute(`PRAGMA wal_autocheckpoint = ${this.#autocheckpoint}`);
  }
}

/** The file at a path as HoldAnswer tells it; opens nothing, which could end SQLite's lock. */
export function describeFile(path: string): { device: string; inode: string; bytes: number } {
  const { dev, ino, size } = statSync(path, { bigint: true });
  return { device: String(dev), inode: String(ino), bytes: Number(size) };
}

function refusal(reason: string): HoldAnswer {
  return { held: false, reason };
}

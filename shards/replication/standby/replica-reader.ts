import { openDatabase } from "#shared/infra/db/database.ts";
import * as schema from "#shared/infra/db/schema/shard.ts";
import type { SqlClient } from "../copy/sql.ts";

/** A replica of a shard's database, for reading. */
export interface ReplicaReader {
  /** Where it is, for messages. */
  readonly place: string;
  /** Brings it as near to its primary as it can come now. */
  refresh(): Promise<void>;
  readonly client: SqlClient;
  /** Forgets all that is kept of it here: it turned out to be damaged. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
}

/** A request that takes longer is given up. */
const REQUEST_MS_MAX = 5_000;

/** A replica that a libSQL server holds, such as a sqld beside the standby. */
export class ServerReader implements ReplicaReader {
  readonly place: string;
  readonly #token: string | undefined;
  #client: (SqlClient & { close(): void }) | undefined;

  constructor(place: string, token: string | undefined) {
    this.place = place;
    this.#token = token;
  }

  async refresh(): Promise<void> {
    if (this.#client !== undefined) return;
    const database = await openDatabase({
      place: this.place,
      schema,
      requestMsMax: REQUEST_MS_MAX,
      ...(this.#token !== undefined && { authToken: this.#token }),
    });
    this.#client = database.client;
  }

  get client(): SqlClient {
    if (this.#client === undefined) throw new Error("cannot read replica: it is not open");
    return this.#client;
  }

  async rebuild(): Promise<void> {
    // The server's files are the server's.
    await this.close();
  }

  async close(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
  }
}

import { join } from "node:path";
import {
  type EmbeddedReplicaOptions,
  removeEmbeddedReplica,
} from "#shared/infra/db/embedded-replica.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { Rows, SqlClient } from "../../copy/sql.ts";
import type { ReplicaReader } from "../replica-reader.ts";
import type { EmbeddedRequest, FromEmbedded, ToEmbedded } from "./messages.ts";

const MAIN = join(import.meta.dir, "main.ts");
/** libSQL gives up after three seconds by itself; a process that is silent for longer is ended. */
const ANSWER_MS_MAX = 10_000;
/** How libSQL says that it cannot reach the primary. */
const AWAY = /connect|Handshake|it was closed/;

export interface EmbeddedReaderOptions extends EmbeddedReplicaOptions {
  clock: Clock;
}

interface Waiting {
  resolve: (results: Rows[]) => void;
  reject: (error: Error) => void;
}

/**
 * A replica in a file beside the standby, as Turso's databases have them. The copy is disposable:
 * it is fetched anew when it cannot be opened, ends the process that owns it, or holds what its
 * owner never wrote.
 */
export class EmbeddedReader implements ReplicaReader {
  readonly place: string;
  readonly #options: EmbeddedReaderOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: Bun.Subprocess | undefined;
  #lastId = 0;

  constructor(options: EmbeddedReaderOptions) {
    this.place = options.url;
    this.#options = options;
  }

  async refresh(): Promise<void> {
    if (this.#child === undefined) {
      this.#child = this.#spawn();
      await this.#open();
    }
    await this.#ask({ kind: "sync" });
  }

  readonly client: SqlClient = {
    batch: async (statements, mode) => {
      if (mode === "write") throw new Error("cannot write to a replica: write to its primary");
      return await this.#ask({ kind: "read", statements });
    },
  };

  async rebuild(): Promise<void> {
    await this.close();
    removeEmbeddedReplica(this.#options.path);
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
    this.#refuseAll("it was closed");
    await child?.exited;
  }

  async #open(): Promise<void> {
    const { path, url, token } = this.#options;
    try {
      await this.#ask({ kind: "open", path, url, token });
    } catch (error) {
      // A copy that cannot be opened is not worth a second look, unless it is the network's fault.
      if (error instanceof Error && AWAY.test(error.message)) await this.close();
      else await this.rebuild();
      throw error;
    }
  }

  #spawn(): Bun.Subprocess {
    const child = Bun.spawn([process.execPath, MAIN], {
      // libSQL reads it when it is loaded, and would write to standard output.
      env: { ...process.env, RUST_LOG: "off" },
      stdio: ["ignore", "ignore", "ignore"],
      serialization: "advanced",
      ipc: (answer: FromEmbedded) => this.#hear(answer),
    });
    void child.exited.then(() => {
      if (this.#child !== child) return;
      this.#child = undefined;
      removeEmbeddedReplica(this.#options.path);
      this.#refuseAll("the process that held its copy broke; it is fetched anew");
    });
    return child;
  }

  #hear(answer: FromEmbedded): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error.split("\n", 1)[0]));
    else waiting?.resolve(answer.results);
  }

  #refuseAll(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  async #ask(request: EmbeddedRequest): Promise<Rows[]> {
    const child = this.#child;
    if (child === undefined) throw new Error("it is not open");
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = this.#options.clock.schedule(ANSWER_MS_MAX, () => void this.close());
    try {
      return await new Promise<Rows[]>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        const message: ToEmbedded = { ...request, id };
        child.send(message);
      });
    } finally {
      cancel();
    }
  }
}

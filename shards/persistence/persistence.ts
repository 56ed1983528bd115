import { CopyArea } from "#shared/sim/index.ts";
import type { LoadedMessage, LoadRequest, LoopStorage, TickRecord } from "../loop/messages.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import type { FromWorker, Recovery, ToWorker } from "./messages.ts";

/** Ticks that may wait for the disk; at 30 Hz a minute. Beyond it the shard cannot go on. */
const UNCOMMITTED_TICKS_MAX = 1_800;

export interface PersistenceOptions {
  path: string;
  shardKey: string;
  world: string;
  /** Where answers to load requests go. */
  loaded: (message: LoadedMessage) => void;
  /** All up to that tick is in the database. */
  committed: (tick: number) => void;
  /** Writing became impossible: nothing since the last commit is safe, the shard must stop. */
  failed: (message: string) => void;
}

/** The shard database cannot be opened, or not as this shard's. */
export class PersistenceError extends Error {
  override readonly name = "PersistenceError";
}

/** The loop's end of the persistence Worker. */
export class Persistence implements LoopStorage {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { smol: true });
  readonly #options: PersistenceOptions;
  #opening: { resolve: (recovery: Recovery) => void; reject: (error: Error) => void } | undefined;
  #owning: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #closed: (() => void) | undefined;
  #failed = false;
  /** Last tick handed over, and last tick that is in the database. */
  #handedTick = 0;
  committedTick = 0;
  savedTick = 0;
  /** Copies of the state: one, and a second when the shard stops while the first is saved. */
  readonly #areasInUse: CopyArea<SharedArrayBuffer>[] = [];
  readonly #areasIdle: CopyArea<SharedArrayBuffer>[] = [];
  snapshotBytes = 0;

  private constructor(options: PersistenceOptions) {
    this.#options = options;
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) => this.#receive(event.data);
    this.#worker.onerror = (event) => this.#fail(event.message, "write");
  }

  /**
   * Opens and locks the shard's database and reads it; throws PersistenceError with the way out
   * when it cannot be used. Nothing may be handed over before `own`.
   */
  static async open(
    options: PersistenceOptions,
  ): Promise<{ persistence: Persistence; recovery: Recovery }> {
    const persistence = new Persistence(options);
    const { path, shardKey, world } = options;
    try {
      const recovery = await new Promise<Recovery>((resolve, reject) => {
        persistence.#opening = { resolve, reject };
        persistence.#send({ kind: "open", path, shardKey, world });
      });
      return { persistence, recovery };
    } catch (error) {
      persistence.#worker.terminate();
      throw error;
    }
  }

  /** Writes the epoch under which the shard was granted; what a higher one wrote is refused. */
  async own(epoch: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#owning = { resolve, reject };
      this.#send({ kind: "own", epoch });
    });
    this.#owning = undefined;
  }

  /** Ticks that are handed over and not yet in the database. */
  get uncommittedTicks(): number {
    return this.#handedTick - this.committedTick;
  }

  load(request: LoadRequest): void {
    this.#send({ kind: "load", request });
  }

  commit(record: TickRecord): void {
    if (this.#handedTick === 0) this.committedTick = record.tick - 1;
    this.#handedTick = record.tick;
    if (this.uncommittedTicks > UNCOMMITTED_TICKS_MAX) {
      this.#fail("the disk has not kept up for a minute", "write");
      return;
    }
    this.#send({ kind: "commit", record });
  }

  get isSavingSnapshot(): boolean {
    return this.#areasInUse.length > 0;
  }

  snapshot(world: ShardWorld): void {
    const area =
      this.#areasIdle.pop() ?? new CopyArea((bytes: number) => new SharedArrayBuffer(bytes));
    this.#areasInUse.push(area);
    const copy = world.copySnapshot(area);
    this.#send({ kind: "snapshot", copy, area: area.buffer });
  }

  /** Waits until everything handed over is in the database, then closes it. */
  async close(): Promise<void> {
    if (!this.#failed) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#send({ kind: "close" });
      });
    }
    this.#worker.terminate();
  }

  /** The shard is somebody else's: nothing is written or told of any more. */
  abandon(): void {
    this.#failed = true;
    this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "opened":
        this.#opening?.resolve(message.recovery);
        this.#opening = undefined;
        break;
      case "owned":
        this.#owning?.resolve();
        break;
      case "committed":
        this.committedTick = message.tick;
        this.#options.committed(message.tick);
        break;
      case "saved":
        this.savedTick = message.tick;
        this.#areasIdle.push(...this.#areasInUse.splice(0, 1));
        this.snapshotBytes = message.bytes;
        break;
      case "loaded":
        this.#options.loaded(message);
        break;
      case "closed":
        this.#closed?.();
        break;
      case "failed":
        this.#fail(message.message, message.stage);
        break;
    }
  }

  #fail(message: string, stage: "open" | "write"): void {
    if (this.#failed) return;
    this.#failed = true;
    if (stage === "open" && this.#opening !== undefined) {
      this.#opening.reject(new PersistenceError(message));
      return;
    }
    if (this.#owning !== undefined) {
      this.#owning.reject(new PersistenceError(message));
      return;
    }
    this.#closed?.();
    this.#options.failed(message);
  }

  #send(message: ToWorker): void {
    if (!this.#failed) this.#worker.postMessage(message);
  }
}

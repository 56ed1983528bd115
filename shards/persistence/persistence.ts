import type { HoldAnswer, HoldRequest } from "#shared/infra/db/hold-messages.ts";
import { CopyArea } from "#shared/sim/index.ts";
import type { Clock } from "#shared/time/clock.ts";
import { EarlyThread, PERSISTENCE_THREAD } from "../early-thread.ts";
import type {
  LoadedMessage,
  LoadRequest,
  LoopStorage,
  OutboxMessage,
  TickRecord,
} from "../loop/messages.ts";
import type { ShipStatus } from "../replication/ship-status.ts";
import type { ShardWorld } from "../world/shard-world.ts";
import { type DiskState, DiskWatch } from "./disk-watch.ts";
import type {
  FromWorker,
  Lasting,
  Recovery,
  RecoveryRequest,
  StoreIdentity,
  ToWorker,
} from "./messages.ts";
import { type CrossingMessage, unpackMessage } from "./recovery-transfer.ts";

export interface PersistenceOptions extends StoreIdentity {
  clock: Clock;
  /** Where answers to load requests go. */
  loaded: (message: LoadedMessage) => void;
  /** All ticks up to this one are in the database. */
  committed: (tick: number) => void;
  /** These are in the database and are to be told; `told` says when they were. */
  outbox?: (messages: readonly OutboxMessage[]) => void;
  /** How the shipping to a server goes, where there is one. */
  shipped?: (status: ShipStatus) => void;
  /** Something went wrong that costs nothing yet: a line for the log. */
  warned?: (message: string) => void;
  /** Writing became impossible for good: nothing since the last commit is safe, the shard stops. */
  failed: (message: string) => void;
  /** The Worker, when it runs already: one that calls `serveStore`. */
  thread?: EarlyThread | undefined;
}

/** The shard database cannot be opened, or not as this shard's. */
class PersistenceError extends Error {
  override readonly name = "PersistenceError";
}

interface Waiter<T> {
  resolve: (value: T) => void;
  reject: (error: Error) => void;
}

/** The loop's end of the persistence Worker. */
export class Persistence implements LoopStorage {
  readonly #worker: Worker;
  readonly #options: PersistenceOptions;
  readonly #watch: DiskWatch;
  #recovering: Waiter<Recovery> | undefined;
  #owning: Waiter<Lasting> | undefined;
  #closed: (() => void) | undefined;
  /** Questions about a copy that wait for their answer; the gateways bound how many. */
  readonly #holding = new Map<number, (answer: HoldAnswer) => void>();
  #lastQuestion = 0;
  #ended = false;
  /** Last tick handed over, and last tick that is in the database. */
  #handedTick = 0;
  committedTick = 0;
  savedTick = 0;
  snapshotBytes = 0;
  /** Of the last snapshot that could not be saved; 0 when that is over. */
  #unsavedTick = 0;
  /** Copies of the state: one, and a second when the shard stops while the first is saved. */
  readonly #areasInUse: CopyArea<SharedArrayBuffer>[] = [];
  readonly #areasIdle: CopyArea<SharedArrayBuffer>[] = [];

  private constructor(options: PersistenceOptions) {
    this.#options = options;
    this.#watch = new DiskWatch(options.clock);
    const thread = options.thread ?? new EarlyThread(PERSISTENCE_THREAD, "persistence");
    this.#worker = thread.take((event) => this.#fail(event.message));
    this.#worker.onmessage = (event: MessageEvent<CrossingMessage>) => {
      this.#receive(unpackMessage(event.data));
    };
  }

  /**
   * Opens and locks the shard's database and reads it; throws PersistenceError with the way out
   * when it cannot be used. Nothing may be handed over before `own`.
   */
  static async open(
    options: PersistenceOptions,
  ): Promise<{ persistence: Persistence; recovery: Recovery }> {
    const persistence = new Persistence(options);
    const { path, shardKey, world, tickRate, ship } = options;
    try {
      const identity = { path, shardKey, world, tickRate, ship };
      const recovery = await persistence.#ask({ kind: "open", ...identity });
      persistence.#handedTick = persistence.committedTick = recovery.tick;
      return { persistence, recovery };
    } catch (error) {
      persistence.#worker.terminate();
      throw error;
    }
  }

  /**
   * Writes the epoch under which the shard was granted; what a higher one wrote is refused. By then
   * all of the database is read and checked, which goes on while a world is replayed.
   */
  async own(epoch: number): Promise<Lasting> {
    return await new Promise<Lasting>((resolve, reject) => {
      this.#owning = { resolve, reject };
      this.#send({ kind: "own", epoch });
    });
  }

  /** Reads anew what to start from; for before the first commit. */
  async recover(request: RecoveryRequest): Promise<Recovery> {
    return await this.#ask({ kind: "recover", request });
  }

  /** Ticks that are handed over and not yet in the database. */
  get uncommittedTicks(): number {
    return this.#handedTick - this.committedTick;
  }

  /** How the disk is, as of now. */
  get disk(): DiskState {
    return this.#watch.read();
  }

  load(request: LoadRequest): void {
    this.#send({ kind: "load", request });
  }

  commit(record: TickRecord): void {
    this.#handedTick = record.tick;
    this.#watch.handed(record.tick);
    this.#send({ kind: "commit", record });
  }

  get isSavingSnapshot(): boolean {
    return this.#areasInUse.length > 0;
  }

  snapshot(world: Pick<ShardWorld, "copySnapshot">): void {
    const area =
      this.#areasIdle.pop() ?? new CopyArea((bytes: number) => new SharedArrayBuffer(bytes));
    this.#areasInUse.push(area);
    const copy = world.copySnapshot(area);
    this.#send({ kind: "snapshot", copy, area: area.buffer });
  }

  /** These messages of the outbox have reached the bus: they need not be told again. */
  told(ids: readonly string[]): void {
    this.#send({ kind: "told", ids });
  }

  /** Asks the Worker to let the database's file be copied. */
  hold(request: HoldRequest): Promise<HoldAnswer> {
    if (this.#ended) return Promise.resolve({ held: false, reason: "the database is closed" });
    const question = ++this.#lastQuestion;
    const { promise, resolve } = Promise.withResolvers<HoldAnswer>();
    this.#holding.set(question, resolve);
    this.#send({ kind: "hold", question, request });
    return promise;
  }

  /** Waits until everything handed over is in the database, then closes it. */
  async close(): Promise<void> {
    if (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#send({ kind: "close" });
      });
    }
    this.#ended = true;
    this.#worker.terminate();
  }

  /**
   * The shard is somebody else's: nothing is told of any more. Resolves when nothing is written or
   * shipped either. The Worker is left to the end of the process: to end it in the middle of a call
   * of libSQL aborts the process.
   */
  async abandon(): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#send({ kind: "abandon" });
      this.#ended = true;
      this.#worker.onmessage = (event: MessageEvent<CrossingMessage>) => {
        if (unpackMessage(event.data).kind === "closed") resolve();
      };
    });
  }

  /** As if the process had died, for tests. */
  crash(): void {
    this.#ended = true;
    this.#worker.terminate();
  }

  #ask(message: ToWorker): Promise<Recovery> {
    return new Promise<Recovery>((resolve, reject) => {
      this.#recovering = { resolve, reject };
      this.#send(message);
    });
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "recovered":
        this.#recovering?.resolve(message.recovery);
        this.#recovering = undefined;
        break;
      case "owned":
        this.#owning?.resolve(message.lasting);
        this.#owning = undefined;
        break;
      case "committed":
        this.committedTick = message.tick;
        this.#watch.committed(message.tick);
        this.#options.committed(message.tick);
        break;
      case "unsaved":
        if (this.#unsavedTick === 0) this.#options.warned?.(message.reason);
        this.#unsavedTick = message.tick;
        break;
      case "saved":
        this.#unsavedTick = 0;
        this.savedTick = message.tick;
        this.#areasIdle.push(...this.#areasInUse.splice(0, 1));
        this.snapshotBytes = message.bytes;
        break;
      case "loaded":
        this.#options.loaded(message);
        break;
      case "outbox":
        this.#options.outbox?.(message.messages);
        break;
      case "held":
        this.#holding.get(message.question)?.(message.answer);
        this.#holding.delete(message.question);
        break;
      case "trouble":
        if (this.disk.state !== "stalled") this.#options.warned?.(message.reason);
        this.#watch.troubled(message.reason);
        break;
      case "shipped":
        this.#options.shipped?.(message.status);
        break;
      case "closed":
        this.#closed?.();
        break;
      case "failed":
        this.#fail(message.message);
        break;
    }
  }

  #fail(message: string): void {
    if (this.#ended) return;
    this.#ended = true;
    const asking = this.#recovering ?? this.#owning;
    if (asking !== undefined) {
      asking.reject(new PersistenceError(message));
      return;
    }
    this.#options.failed(message);
    this.#closed?.();
  }

  #send(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }
}

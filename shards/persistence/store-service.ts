import type { Clock } from "#shared/time/clock.ts";
import type { LoadRequest, TickRecord } from "../loop/messages.ts";
import type { ShipStatus } from "../replication/ship-status.ts";
import type { FromWorker, Lasting, StoreIdentity, ToWorker } from "./messages.ts";
import { SnapshotEncoder } from "./snapshot-encoder.ts";
import { StorageError } from "./storage-error.ts";
import type { OpenStore, Store } from "./store.ts";

/** Ticks of one transaction; what is left waits for the next one. */
const BATCH_TICKS_MAX = 512;
/** Players that are read between two transactions, so that a crowd that comes stops no commit. */
const READS_MAX = 16;
/** Messages of the outbox that are under way at once; the others wait in the database. */
const OUTBOX_SENT_MAX = 1_024;
/** Waits between two attempts: doubled from the one to the other. */
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;
/** How long a close goes on trying; a process has 5 s to leave. */
const CLOSE_MS_MAX = 3_000;
/** Between two pages of a large database that are looked at beside the commits. */
const CHECK_MS = 100;

export interface StoreServiceOptions {
  open: OpenStore;
  clock: Clock;
  makeId: () => string;
  answer: (message: FromWorker) => void;
  /** Runs an action once all messages that have arrived are received; they make one transaction. */
  soon: (action: () => void) => void;
}

interface PackedSnapshot {
  tick: number;
  state: Uint8Array;
}

/**
 * The persistence Worker without its thread: takes what the loop hands over and writes all that
 * waits in one transaction. A disk that is full or fails for a while stops nothing: what waits
 * stays, is tried again, and goes on by itself. The loop bounds it, by standing still. Only damage
 * and a later owner end the service.
 */
export class StoreService {
  readonly #options: StoreServiceOptions;
  #store: Store | undefined;
  readonly #records: TickRecord[] = [];
  readonly #loads: LoadRequest[] = [];
  /** Loads whose ticket is used up; the player is still to be read. */
  readonly #reads: { request: LoadRequest; ticketFresh: boolean }[] = [];
  readonly #told: string[] = [];
  readonly #encoder: SnapshotEncoder;
  /** Those that wait, the oldest first; the loop takes the next when the one before is saved. */
  readonly #snapshots: PackedSnapshot[] = [];
  /** A new world's first snapshot is saved before its first tick, so that there is always one. */
  #isBeginning = false;
  /** One that could not be saved waits until then; commits go on. */
  #snapshotNotBeforeMs = Number.NEGATIVE_INFINITY;
  /** How many are being packed, one after the other, and when that is done. */
  #packing = 0;
  #packed = Promise.resolve();
  /** Messages of the outbox that the loop's process has, and whether there are more. */
  readonly #sent = new Set<string>();
  #outboxWaits = true;
  #working = false;
  /** Closed or failed: nothing that comes after is done. */
  #ended = false;
  #closingSinceMs: number | undefined;
  #lasting: Promise<Lasting> | undefined;
  #retryMs = 0;
  #wake: (() => void) | undefined;

  constructor(options: StoreServiceOptions) {
    this.#options = options;
    this.#encoder = new SnapshotEncoder(() => this.#letIn());
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case "open":
        void this.#open(message);
        return;
      case "recover":
        void this.#recover(message.request);
        return;
      case "own":
        void this.#own(message.epoch);
        return;
      case "commit":
        this.#records.push(message.record);
        break;
      case "load":
        this.#loads.push(message.request);
        break;
      case "snapshot":
        this.#isBeginning ||= message.copy.tick === 0;
        this.#packing += 1;
        this.#packed = this.#packed.then(() => this.#pack(message));
        return;
      case "told":
        this.#told.push(...message.ids);
        break;
      case "hold":
        void this.#hold(message);
        return;
      case "abandon":
        void this.#abandon();
        return;
      case "close":
        this.#closingSinceMs = this.#options.clock.monotonicMs();
        this.#wake?.();
        break;
    }
    void this.#work();
  }

  async #open(identity: StoreIdentity): Promise<void> {
    const { open, clock, makeId, answer } = this.#options;
    try {
      const shipped = (status: ShipStatus) => answer({ kind: "shipped", status });
      const store = await open({ ...identity, clock, makeId, shipped });
      const recovery = await store.recover();
      this.#store = store;
      answer({ kind: "recovered", recovery });
      // While the world is replayed; what is found keeps this process from owning the shard.
      this.#lasting = this.#readRest(store);
      this.#lasting.catch(() => undefined);
    } catch (error) {
      this.#fail(error, "open");
    }
    void this.#work();
  }

  async #readRest(store: Store): Promise<Lasting> {
    const lasting = await store.readLasting();
    await store.verify();
    return lasting;
  }

  async #recover(request: Parameters<Store["recover"]>[0]): Promise<void> {
    try {
      const recovery = await this.#store?.recover(request);
      if (recovery !== undefined) this.#options.answer({ kind: "recovered", recovery });
    } catch (error) {
      this.#fail(error, "open");
    }
  }

  async #own(epoch: number): Promise<void> {
    try {
      const lasting = await this.#lasting;
      if (lasting === undefined) throw new Error("cannot own shard: its database is not open");
      await this.#store?.own(epoch);
      this.#options.answer({ kind: "owned", lasting });
    } catch (error) {
      this.#fail(error, "open");
      return;
    }
    void this.#checkOn();
  }

  #checkSoon(): void {
    this.#options.clock.schedule(CHECK_MS, () => void this.#checkOn());
  }

  /** What the start left out, so that a large database does not keep players waiting. */
  async #checkOn(): Promise<void> {
    if (this.#ended || this.#closingSinceMs !== undefined) return;
    try {
      if ((await this.#store?.checkOn()) === true) this.#checkSoon();
    } catch (error) {
      if (isPassing(error)) this.#checkSoon();
      else this.#fail(error, "write");
    }
  }

  /** Beside the commits: it writes nothing, and may come between any two statements. */
  async #hold({ question, request }: Extract<ToWorker, { kind: "hold" }>): Promise<void> {
    const answer = await Promise.resolve(this.#store?.hold?.(request)).catch((error: unknown) => {
      return { held: false, reason: describe(error) } as const;
    });
    const none = { held: false, reason: "the database is not open" } as const;
    this.#options.answer({ kind: "held", question, answer: answer ?? none });
  }

  /** Encodes and packs beside the commits, which go on meanwhile. */
  async #pack({ copy, area }: Extract<ToWorker, { kind: "snapshot" }>): Promise<void> {
    try {
      const bytes = await this.#encoder.encode(copy, new Uint8Array(area));
      this.#snapshots.push({ tick: copy.tick, state: await Bun.zstdCompress(bytes) });
    } catch (error) {
      this.#fail(error, "write");
    }
    this.#packing -= 1;
    void this.#work();
  }

  async #work(): Promise<void> {
    const store = this.#store;
    if (store === undefined || this.#working || this.#ended) return;
    this.#working = true;
    try {
      await this.#letIn();
      while (this.#hasWork(store)) {
        await this.#try(store);
        await this.#letIn();
      }
      if (this.#closingSinceMs !== undefined && this.#packing === 0) await this.#close(store);
    } catch (error) {
      this.#fail(error, "write");
    } finally {
      this.#working = false;
    }
  }

  async #abandon(): Promise<void> {
    this.#ended = true;
    this.#wake?.();
    await this.#store?.abandon?.();
    this.#options.answer({ kind: "closed" });
  }

  async #letIn(): Promise<void> {
    await new Promise<void>(this.#options.soon);
  }

  #hasWork(store: Store): boolean {
    if (this.#ended) return false;
    if (this.#isSnapshotDue(store) || this.#reads.length > 0) return true;
    return this.#mayCommit;
  }

  get #mayCommit(): boolean {
    if (this.#isBeginning) return false;
    if (this.#records.length + this.#loads.length > 0) return true;
    // What was told goes with the next tick, unless that does not come any more.
    return this.#closingSinceMs !== undefined && this.#told.length > 0;
  }

  async #try(store: Store): Promise<void> {
    try {
      await this.#workOnce(store);
      this.#retryMs = 0;
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#giveUpClosing(error);
      this.#options.answer({ kind: "trouble", reason: error.message });
      const longerMs = Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, this.#retryMs * 2));
      this.#retryMs = this.#closingSinceMs === undefined ? longerMs : RETRY_MS_MIN;
      await new Promise<void>((resolve) => {
        const cancel = this.#options.clock.schedule(this.#retryMs, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = undefined;
    }
  }

  async #workOnce(store: Store): Promise<void> {
    if (this.#isSnapshotDue(store)) {
      await this.#saveSnapshot(store);
    } else {
      if (this.#reads.length > 0) await this.#answerLoads(store);
      if (this.#mayCommit) await this.#commit(store);
    }
    await this.#sendOutbox(store);
  }

  #isSnapshotDue(store: Store): boolean {
    const [snapshot] = this.#snapshots;
    if (snapshot === undefined || snapshot.tick > store.tick) return false;
    return this.#options.clock.monotonicMs() >= this.#snapshotNotBeforeMs;
  }

  async #saveSnapshot(store: Store): Promise<void> {
    const [snapshot] = this.#snapshots;
    if (snapshot === undefined) return;
    const { answer, clock } = this.#options;
    try {
      await store.saveSnapshot(snapshot.tick, snapshot.state);
    } catch (error) {
      if (!isPassing(error) || this.#isBeginning) throw error;
      // The journal behind it stays, so nothing is lost: a start takes longer, that is all.
      this.#snapshotNotBeforeMs = clock.monotonicMs() + RETRY_MS_MAX;
      answer({ kind: "unsaved", tick: snapshot.tick, reason: error.message });
      return;
    }
    this.#snapshots.shift();
    this.#isBeginning = false;
    answer({ kind: "saved", tick: snapshot.tick, bytes: snapshot.state.length });
  }

  /** Loads come after the ticks that were handed over before them, and find what those wrote. */
  async #commit(store: Store): Promise<void> {
    const { clock, answer } = this.#options;
    const records = this.#records.slice(0, BATCH_TICKS_MAX);
    const isAll = records.length === this.#records.length;
    const loads = isAll ? [...this.#loads] : [];
    const told = [...this.#told];
    const tickets = loads.flatMap(({ ticket }) => ticket ?? []);
    const startMs = clock.monotonicMs();
    const fresh = await store.write({ records, tickets, told });
    const durationMs = clock.monotonicMs() - startMs;
    this.#records.splice(0, records.length);
    this.#loads.splice(0, loads.length);
    this.#told.splice(0, told.length);
    for (const id of told) this.#sent.delete(id);
    if (records.some(({ outbox }) => outbox.length > 0)) this.#outboxWaits = true;
    const last = records.at(-1);
    if (last !== undefined) answer({ kind: "committed", tick: last.tick, durationMs });
    for (const request of loads) {
      const ticketFresh = request.ticket === undefined || fresh.shift() === true;
      this.#reads.push({ request, ticketFresh });
    }
  }

  async #answerLoads(store: Store): Promise<void> {
    let answered = 0;
    try {
      for (const { request, ticketFresh } of this.#reads.slice(0, READS_MAX)) {
        this.#options.answer(await store.load(request, ticketFresh));
        answered += 1;
      }
    } finally {
      this.#reads.splice(0, answered);
    }
  }

  /** The next messages follow once all of these were told and are deleted. */
  async #sendOutbox(store: Store): Promise<void> {
    if (!this.#outboxWaits || this.#sent.size > 0) return;
    const messages = await store.readOutbox(OUTBOX_SENT_MAX);
    this.#outboxWaits = messages.length === OUTBOX_SENT_MAX;
    for (const { id } of messages) this.#sent.add(id);
    if (messages.length > 0) this.#options.answer({ kind: "outbox", messages });
  }

  /** A process that stops cannot wait for a disk for ever. */
  #giveUpClosing(error: StorageError): void {
    const sinceMs = this.#closingSinceMs;
    if (sinceMs === undefined) return;
    if (this.#options.clock.monotonicMs() - sinceMs < CLOSE_MS_MAX) return;
    const ticks = this.#records.length;
    throw new StorageError(
      "fatal",
      `${error.message}; the last ${ticks} ticks, which nobody was told of, are not saved`,
      error,
    );
  }

  async #close(store: Store): Promise<void> {
    this.#ended = true;
    try {
      await store.close();
    } catch {
      // All is committed and in the file or its WAL; the next start brings the two together.
    }
    this.#options.answer({ kind: "closed" });
  }

  #fail(error: unknown, stage: "open" | "write"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.answer({ kind: "failed", message: describe(error), stage });
  }
}

function isPassing(error: unknown): error is StorageError {
  return error instanceof StorageError && error.kind === "passing";
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return error instanceof StorageError ? error.message : `${error.message}${cause}`;
}

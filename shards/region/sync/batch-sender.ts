import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { RegionChangesSchema, type RegionMessageSchema } from "#proto/region_pb.ts";
import type { Log } from "#shared/infra/log.ts";
import { packCells } from "#shared/net/region-cells.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Stamp } from "#shared/time/hybrid-clock.ts";
import type { RegionNames } from "#shared/time/region-names.ts";
import { type CompressionName, compress } from "./compress.ts";
import { OutgoingChanges, type RegionChangeSet } from "./outgoing-changes.ts";

/** Batches on their way, and their bytes; at either, changes wait and gather in their lanes. */
const BATCHES_SENDING_MAX = 256;
const BYTES_SENDING_MAX = 4 * 1024 * 1024;
/** While so many batches are on their way, the bus is the slower one: batches grow, so often. */
const SENDING_SLOW = 8;
const GROWTH_MAX = 10;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;
const SAID_EVERY_MS = 60_000;

/** How batches are made. */
export interface BatchSettings {
  /** Cells, entities and lines in a batch; ten times as many where the bus is slow. */
  readonly batchCount: number;
  readonly batchBytes: number;
  /** Longest that a change waits for others to come along. */
  readonly flushMs: number;
  readonly compression: CompressionName;
}

/** What a message can say; one case of RegionMessage.content. */
export type RegionContent = NonNullable<MessageInitShape<typeof RegionMessageSchema>["content"]>;

export interface BatchSenderOptions {
  readonly settings: BatchSettings;
  readonly regions: RegionNames;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the bus holds the message, rejects when it may not; same id, same message. */
  readonly send: (content: RegionContent, id: string) => Promise<void>;
}

/** Makes batches of what a region changed, and sends each until the bus has it. */
export class BatchSender {
  readonly changes: OutgoingChanges;
  readonly figures = { batches: 0, cells: 0, entities: 0, chat: 0, bytes: 0, retries: 0 };
  /** Of the last batch that was made, or left out. */
  sequence = 0;
  /** Why the bus does not take batches; undefined while it does. */
  trouble: string | undefined;
  readonly #options: BatchSenderOptions;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #sending = new Set<Promise<void>>();
  #cancelFlush: CancelTimer | undefined;
  #bytesSending = 0;
  #isFlushing = false;
  #isStopped = false;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
    this.changes = new OutgoingChanges(options.regions);
  }

  /** Batches on their way. */
  get sending(): number {
    return this.#sending.size;
  }

  /** Takes what a tick changed. */
  take(tick: number, changes: RegionChangeSet): void {
    this.changes.take(tick, changes);
  }

  /** All ticks up to this one are in the database, so what they changed may be told. */
  committed(tick: number): void {
    const { settings, clock, log } = this.#options;
    this.changes.committed(tick);
    if (this.changes.takeOverflow()) {
      this.sequence += 1;
      log.warning("too many changes wait for the bus: the other regions will compare hashes", {
        dropped: this.changes.dropped.cells,
      });
    }
    if (this.changes.length >= settings.batchCount) this.#send();
    else if (this.changes.length > 0 && this.#cancelFlush === undefined) {
      this.#cancelFlush = clock.schedule(settings.flushMs, () => {
        this.#cancelFlush = undefined;
        this.flush();
      });
    }
  }

  /** Sends all that waits, as full batches as there are and one that is not. */
  flush(): void {
    this.#isFlushing = true;
    this.#send();
  }

  /** Writes with stamps after `limit` are not told: they are given new ones. */
  forgetAfter(limit: Stamp): void {
    this.changes.forgetAfter(limit);
  }

  /** Ends it. What is not sent is found by the others' comparisons after the next start. */
  async stop(): Promise<void> {
    this.#cancelFlush?.();
    this.flush();
    this.#isStopped = true;
    this.#stopped.resolve();
    await Promise.all(this.#sending);
  }

  #send(): void {
    const { settings } = this.#options;
    const { batchCount, batchBytes: bytes } = settings;
    while (!this.#isStopped && this.#hasRoom()) {
      if (!this.#isFlushing && this.changes.length < batchCount) return;
      const count = this.#sending.size < SENDING_SLOW ? batchCount : batchCount * GROWTH_MAX;
      const changes = this.changes.next({ count, bytes });
      if (changes === undefined) break;
      this.sequence += 1;
      const batch = this.#batchOf(changes, this.sequence);
      this.#bytesSending += batch.changes.length;
      const sending = this.#deliver({ case: "batch", value: batch }).finally(() => {
        this.#sending.delete(sending);
        this.#bytesSending -= batch.changes.length;
        this.#send();
      });
      this.#sending.add(sending);
    }
    if (this.changes.length === 0) this.#isFlushing = false;
  }

  #hasRoom(): boolean {
    return this.#sending.size < BATCHES_SENDING_MAX && this.#bytesSending < BYTES_SENDING_MAX;
  }

  #batchOf({ cells, entities, chat }: RegionChangeSet, sequence: number) {
    const { settings, regions } = this.#options;
    const message = create(RegionChangesSchema, {
      cells: packCells(cells, regions),
      entities: entities.map(({ id, bytes }) => ({ id, state: bytes })),
      chat: chat.map(({ id, bytes }) => ({ id, line: bytes })),
    });
    const { compression, bytes } = compress(
      toBinary(RegionChangesSchema, message),
      settings.compression,
    );
    const { figures } = this;
    figures.batches += 1;
    figures.cells += cells.length;
    figures.entities += entities.length;
    figures.chat += chat.length;
    figures.bytes += bytes.length;
    return { sequence, compression, changes: bytes };
  }

  async #deliver(content: RegionContent): Promise<void> {
    const { send, clock } = this.#options;
    const id = crypto.randomUUID();
    for (let retryMs = RETRY_MS_MIN; ; retryMs = Math.min(RETRY_MS_MAX, retryMs * 2)) {
      try {
        await send(content, id);
        this.trouble = undefined;
        return;
      } catch (error) {
        this.#say(error);
      }
      if (this.#isStopped) return;
      this.figures.retries += 1;
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = clock.schedule(retryMs, resolve);
      await Promise.race([promise, this.#stopped.promise]);
      cancel();
    }
  }

  #say(error: unknown): void {
    const { clock, log } = this.#options;
    this.trouble = error instanceof Error ? error.message : String(error);
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#saidMs < SAID_EVERY_MS) return;
    this.#saidMs = nowMs;
    log.warning("cannot tell the other regions now, trying again until they are told", {
      reason: this.trouble,
    });
  }
}

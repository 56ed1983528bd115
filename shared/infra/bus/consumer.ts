import type { BusMessage } from "#proto/bus_pb.ts";
import type { LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import { within } from "#shared/infra/within.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type Entry, READ_WAIT_MS, type Reader, type ReaderOptions } from "./broker-connection.ts";
import type { ConsumeHandler } from "./bus.ts";
import type { TopicFigures } from "./bus-figures.ts";
import { decodeMessage } from "./message.ts";

/** Ids of messages dealt with here and remembered, so that the handler is not told again. */
const REMEMBERED_MAX = 20_000;
const HANDLER_RETRY_MS_MIN = 100;
const HANDLER_RETRY_MS_MAX = 5_000;
/** A handler that works for longer than this is taken for hung: others are handed the same. */
const KEEP_MS_MAX = 60_000;
const KEEP_EVERY_MS = 3_000;

export interface ConsumerOptions extends ReaderOptions {
  readonly batchMax: number;
  readonly handler: ConsumeHandler;
  readonly clock: Clock;
  readonly log: Log | undefined;
  readonly figures: TopicFigures;
  readonly timings: LinkTimings;
  readonly source: ReaderSource;
}

/** Where readers come from; one is of use while `isLive` says so. */
export interface ReaderSource {
  /** Rejects within a bounded time. */
  open(options: ReaderOptions): Promise<{ reader: Reader; isLive: () => boolean }>;
  /** Whether there is a connection at this moment. */
  isThere(): boolean;
}

/** Hands what was sent to a topic to a handler, for as long as it is not closed. */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #running: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();
  readonly #handled = new Set<string>();
  #reader: Reader | undefined;
  #closed = false;
  /** From a handler's start until what it dealt with is acknowledged. */
  #isBusy = false;
  #saidFailing = false;
  #saidAway = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Resolves when the handler is not at work any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ended.resolve();
    // A reader that is closed gives back what it holds, and that is done already.
    if (!this.#isBusy) await this.#reader?.close().catch(() => undefined);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { timings, source, topic, name, log } = this.#options;
    let retryMs = timings.retryMsMin;
    while (!this.#closed) {
      try {
        const { reader, isLive } = await source.open(this.#options);
        this.#reader = reader;
        while (!this.#closed && isLive()) {
          await this.#step(reader);
          retryMs = timings.retryMsMin;
          this.#saidAway = false;
        }
      } catch (error) {
        // A broker that is away has been told of by whoever keeps the connection.
        if (!this.#closed && source.isThere() && !this.#saidAway) {
          this.#saidAway = true;
          const reason = error instanceof Error ? error.message : String(error);
          log?.warning("cannot consume now, trying again", { topic, consumer: name, reason });
        }
      }
      await this.#reader?.close().catch(() => undefined);
      if (this.#closed) return;
      await this.#sleep(retryMs);
      retryMs = Math.min(timings.retryMsMax, retryMs * 2);
    }
  }

  async #step(reader: Reader): Promise<void> {
    const { batchMax, clock, timings } = this.#options;
    // Longer only on a connection that is lost without a word.
    const nextMs = READ_WAIT_MS + timings.callMs;
    const entries = await within(clock, nextMs, reader.next(batchMax));
    if (entries.length === 0) return;
    const messages = this.#unwrap(entries);
    this.#isBusy = true;
    try {
      if (messages.length > 0 && !(await this.#handle(reader, entries, messages))) return;
      await within(clock, timings.callMs, reader.acknowledge(entries));
    } finally {
      this.#isBusy = false;
    }
  }

  /** What the handler has not dealt with yet and can be read. */
  #unwrap(entries: readonly Entry[]): BusMessage[] {
    const { figures } = this.#options;
    const messages = new Map<string, BusMessage>();
    for (const { bytes, redelivered } of entries) {
      if (redelivered) figures.redelivered += 1;
      const message = bytes && decodeMessage(bytes);
      if (message === undefined) figures.dropped += 1;
      else if (!this.#handled.has(message.id)) messages.set(message.id, message);
    }
    return [...messages.values()];
  }

  /** Tries until it is done; false when the consumer was closed before. */
  async #handle(
    reader: Reader,
    entries: readonly Entry[],
    messages: readonly BusMessage[],
  ): Promise<boolean> {
    const { handler, figures, log, topic, name, clock, timings } = this.#options;
    for (let retryMs = HANDLER_RETRY_MS_MIN; ; retryMs *= 2) {
      try {
        await this.#keeping(reader, entries, async () => handler(messages));
        if (this.#saidFailing)
          log?.info("messages are dealt with again", { topic, consumer: name });
        this.#saidFailing = false;
        figures.consumed += messages.length;
        this.#remember(messages);
        return true;
      } catch (error) {
        if (!this.#saidFailing) {
          log?.warning("cannot deal with messages, trying again", {
            ...{ topic, consumer: name, messages: messages.length, error },
          });
        }
        this.#saidFailing = true;
      }
      await this.#sleep(Math.min(HANDLER_RETRY_MS_MAX, retryMs));
      if (this.#closed) return false;
      // When that fails somebody else may be handed them too, which is allowed.
      await within(clock, timings.callMs, reader.keep(entries)).catch(() => undefined);
    }
  }

  /** While work is done, says so now and then, so that nobody else is handed the same. */
  async #keeping(reader: Reader, entries: readonly Entry[], work: () => Promise<void>) {
    const { clock } = this.#options;
    const endMs = clock.monotonicMs() + KEEP_MS_MAX;
    const keep = () => {
      // When it fails somebody else may be handed them too, which is allowed.
      void reader.keep(entries).catch(() => undefined);
      if (clock.monotonicMs() < endMs) cancel = clock.schedule(KEEP_EVERY_MS, keep);
    };
    let cancel = clock.schedule(KEEP_EVERY_MS, keep);
    try {
      await work();
    } finally {
      cancel();
    }
  }

  #remember(messages: readonly BusMessage[]): void {
    for (const { id } of messages) this.#handled.add(id);
    for (const id of this.#handled) {
      if (this.#handled.size <= REMEMBERED_MAX) break;
      this.#handled.delete(id);
    }
  }

  async #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.schedule(ms, resolve);
    await Promise.race([promise, this.#ended.promise]);
    cancel();
  }
}

import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "#shared/time/clock.ts";
import {
  type Entry,
  READ_WAIT_MS,
  type Reader,
  type ReaderOptions,
  type Retention,
} from "./broker-connection.ts";
import { streamAgeMs, subjectOf, toNanoseconds } from "./nats-stream.ts";

/** Asked for ahead; they go back to the broker when the reader is closed. */
const AHEAD_MAX = 200;

export interface NatsReaderParts {
  readonly nats: NatsConnection;
  readonly manager: JetStreamManager;
  readonly jetstream: JetStreamClient;
  readonly stream: string;
  readonly retention: Retention;
  readonly clock: Clock;
}

/** Pulls from a durable consumer of the stream. */
export class NatsReader implements Reader {
  readonly #parts: NatsReaderParts;
  readonly #messages: ConsumerMessages;
  readonly #buffer: JsMsg[] = [];
  readonly #inHand = new Set<JsMsg>();
  #wake: () => void = () => undefined;
  #failure: Error | undefined;
  #closed = false;

  private constructor(parts: NatsReaderParts, messages: ConsumerMessages) {
    this.#parts = parts;
    this.#messages = messages;
    void this.#fill();
  }

  static async open(
    { topic, name, from }: ReaderOptions,
    parts: NatsReaderParts,
  ): Promise<NatsReader> {
    const { manager, jetstream, stream, retention } = parts;
    // Names have no underscore, so a name of one topic is none of another.
    const durable = `${topic}_${name}`;
    const known = await manager.consumers.info(stream, durable).catch((error: unknown) => {
      if (/consumer not found/i.test(String(error))) return undefined;
      throw error;
    });
    if (known === undefined) {
      await manager.consumers.add(stream, {
        durable_name: durable,
        filter_subject: subjectOf(stream, "sent", topic),
        ack_policy: AckPolicy.Explicit,
        ack_wait: toNanoseconds(retention.staleMs),
        deliver_policy: from === "start" ? DeliverPolicy.All : DeliverPolicy.New,
        max_ack_pending: 10_000,
        inactive_threshold: toNanoseconds(streamAgeMs(retention)),
      });
    }
    const consumer = await jetstream.consumers.get(stream, durable);
    const options = { max_messages: AHEAD_MAX, abort_on_missing_resource: true };
    return new NatsReader(parts, await consumer.consume(options));
  }

  async next(max: number): Promise<readonly Entry[]> {
    if (this.#buffer.length === 0 && !this.#closed && this.#failure === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const cancel = this.#parts.clock.schedule(READ_WAIT_MS, resolve);
      await promise;
      cancel();
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#buffer.splice(0, max).map((message) => {
      this.#inHand.add(message);
      return { bytes: message.data, redelivered: message.redelivered, token: message };
    });
  }

  async acknowledge(entries: readonly Entry[]): Promise<void> {
    for (const message of this.#messagesOf(entries)) {
      message.ack();
      this.#inHand.delete(message);
    }
    await this.#parts.nats.flush();
  }

  async keep(entries: readonly Entry[]): Promise<void> {
    // What waits behind them would become stale too.
    for (const message of [...this.#messagesOf(entries), ...this.#buffer]) message.working();
    await this.#parts.nats.flush();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    // Others need not wait until these are stale.
    for (const message of [...this.#inHand, ...this.#buffer.splice(0)]) message.nak();
    await this.#messages.close();
  }

  async #fill(): Promise<void> {
    try {
      for await (const message of this.#messages) {
        if (this.#closed) message.nak();
        else this.#buffer.push(message);
        this.#wake();
      }
      this.#failure = new Error("the broker ended the consumer");
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
    this.#wake();
  }

  /** The messages that the entries stand for. */
  #messagesOf(entries: readonly Entry[]): JsMsg[] {
    const tokens = new Set(entries.map(({ token }) => token));
    return [...this.#inHand].filter((message) => tokens.has(message));
  }
}

import type { BusMessage } from "#proto/bus_pb.ts";
import { BrokerLink, type LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import { within } from "#shared/infra/within.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { BrokerConnection, ReaderOptions } from "./broker-connection.ts";
import {
  type Bus,
  type BusHandler,
  type BusPayload,
  BusSubscriptions,
  type ConsumeHandler,
  type ConsumeOptions,
  type PublishOptions,
  TOPICS,
} from "./bus.ts";
import { BusFigures } from "./bus-figures.ts";
import { Consumer } from "./consumer.ts";
import {
  checkName,
  checkPriority,
  createMessage,
  decodeMessage,
  encodeMessage,
} from "./message.ts";
import { type Outgoing, OutgoingQueue, PRIORITY_HIGH } from "./outgoing-queue.ts";
import type { Presence, PresenceSet } from "./presence.ts";

/** Handed to the client of a broker and not yet answered; more wait in the queue. */
const PUBLISHING_MAX = 1_000;
/** Messages that must arrive and wait for the broker's word; one more is refused at once. */
const SENDING_MAX = 10_000;
const SAID_EVERY_MS = 1_000;
/** After so long without another refusal, nobody is told of one any more. */
const REFUSAL_MS = 10_000;

/** Gives a new connection; `deliver` is to be called with what comes on subscribed topics. */
export type OpenBroker = (deliver: (bytes: Uint8Array) => void) => Promise<BrokerConnection>;

export interface BrokerBusOptions {
  readonly kind: Bus["kind"];
  /** Where the broker is, for people; no secrets. */
  readonly name: string;
  readonly open: OpenBroker;
  /** Shard key or server id, named in each message. */
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings> | undefined;
}

/** The bus as all brokers have it in common: what a process publishes, sends and waits for. */
export class BrokerBus implements Bus {
  readonly kind: Bus["kind"];
  readonly figures = new BusFigures(TOPICS);
  epoch = 0;
  readonly #options: BrokerBusOptions;
  readonly #link: BrokerLink<BrokerConnection>;
  readonly #subscriptions = new BusSubscriptions();
  readonly #consumers = new Set<Consumer>();
  readonly #queue: OutgoingQueue;
  #accepts: (message: BusMessage) => boolean = () => true;
  #publishing = 0;
  #sending = 0;
  #refusal: { readonly reason: string; readonly atMs: number } | undefined;
  #lostUnsaid = 0;
  #saidMs = Number.NEGATIVE_INFINITY;

  constructor(options: BrokerBusOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#queue = new OutgoingQueue((message) => this.#dropped(message));
    this.#link = new BrokerLink({
      name: options.name,
      open: () => options.open((bytes) => this.#deliver(bytes)),
      clock: options.clock,
      log: options.log,
      timings: options.timings,
      opened: (connection) => this.#opened(connection),
    });
  }

  get connected(): boolean {
    return this.#link.current !== undefined;
  }

  get connections(): number {
    return this.#link.connections;
  }

  get trouble(): string | undefined {
    const { name } = this.#options;
    const reason = this.#link.trouble;
    if (reason !== undefined) return `the bus (${name}) is away: ${reason}`;
    const refusal = this.#refusal;
    const sinceMs = this.#options.clock.monotonicMs() - (refusal?.atMs ?? 0);
    if (refusal === undefined || sinceMs > REFUSAL_MS) return undefined;
    return `the bus (${name}) refuses messages: ${refusal.reason}`;
  }

  publish(topic: string, payload: BusPayload, options: PublishOptions = {}): void {
    const priority = checkPriority(options.priority);
    const { bytes } = this.#encode(topic, payload, options);
    this.figures.of(topic).published += 1;
    const message = { topic, bytes, priority };
    const connection = this.#link.current;
    if (connection === undefined || this.#publishing >= PUBLISHING_MAX) this.#queue.push(message);
    else this.#hand(connection, message);
  }

  subscribe(topic: string, handler: BusHandler): () => void {
    const remove = this.#subscriptions.add(topic, handler);
    // One that fails goes with its connection, and the next one subscribes to all.
    this.#link.current?.subscribe(topic).catch(() => undefined);
    return remove;
  }

  async send(topic: string, payload: BusPayload, options: PublishOptions = {}): Promise<void> {
    checkPriority(options.priority);
    const { bytes, id } = this.#encode(topic, payload, options);
    if (this.#sending >= SENDING_MAX) {
      throw new Error(`cannot send to ${topic}: ${SENDING_MAX} messages wait for the bus already`);
    }
    const figures = this.figures.of(topic);
    this.#sending += 1;
    figures.inFlight += 1;
    try {
      await this.#link.call((connection) => connection.send(topic, bytes, id));
      figures.published += 1;
      this.#taken();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#refused(reason);
      throw new Error(`cannot send to ${topic}: ${reason}; send it again with the same id`, {
        cause,
      });
    } finally {
      this.#sending -= 1;
      figures.inFlight -= 1;
    }
  }

  consume(topic: string, options: ConsumeOptions, handler: ConsumeHandler): () => Promise<void> {
    const { clock, log } = this.#options;
    const consumer = new Consumer({
      ...{ topic, handler, clock, log },
      ...{ name: options.name, from: options.from ?? "start", batchMax: options.batchMax ?? 100 },
      figures: this.figures.of(topic),
      timings: this.#link.timings,
      source: {
        isThere: () => this.connected,
        open: (place) => this.#openReader(place),
      },
    });
    this.#consumers.add(consumer);
    return async () => {
      this.#consumers.delete(consumer);
      await consumer.close();
    };
  }

  presence(set: PresenceSet): Presence {
    checkName(set.name);
    return {
      put: (entries) => this.#link.call((connection) => connection.putPresence(set, entries)),
      remove: (keys) => this.#link.call((connection) => connection.removePresence(set, keys)),
      list: () => this.#link.call((connection) => connection.listPresence(set)),
    };
  }

  guard(accepts: (message: BusMessage) => boolean): void {
    this.#accepts = accepts;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await this.#link.close();
  }

  async #opened(connection: BrokerConnection): Promise<void> {
    await Promise.all(this.#subscriptions.topics.map((topic) => connection.subscribe(topic)));
    for (const message of this.#queue.takeAll()) this.#hand(connection, message);
  }

  async #openReader(place: ReaderOptions) {
    const connection = await this.#link.ready();
    const { openMs } = this.#link.timings;
    const reader = await within(this.#options.clock, openMs, connection.openReader(place));
    return { reader, isLive: () => this.#link.current === connection };
  }

  /** Why a broker that is there does not take messages; one that is away is told of elsewhere. */
  #refused(reason: string): void {
    if (!this.connected) return;
    const isNew = this.#refusal === undefined;
    const { log, name, clock } = this.#options;
    this.#refusal = { reason, atMs: clock.monotonicMs() };
    if (isNew) log.warning("broker refuses messages, senders try again", { broker: name, reason });
  }

  #taken(): void {
    if (this.#refusal === undefined) return;
    this.#refusal = undefined;
    this.#options.log.info("broker takes messages again", { broker: this.#options.name });
  }

  #hand(connection: BrokerConnection, message: Outgoing): void {
    const figures = this.figures.of(message.topic);
    this.#publishing += 1;
    figures.inFlight += 1;
    const done = () => {
      this.#publishing -= 1;
      figures.inFlight -= 1;
    };
    connection.publish(message.topic, message.bytes).then(
      () => {
        done();
        const { current } = this.#link;
        if (current === undefined || this.#queue.length === 0) return;
        for (const waiting of this.#queue.takeAll()) this.#hand(current, waiting);
      },
      () => {
        done();
        this.#dropped(message);
      },
    );
  }

  #deliver(bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    if (message === undefined || !this.#accepts(message)) return;
    this.figures.of(message.topic).consumed += 1;
    this.#subscriptions.deliver(message);
  }

  #dropped({ topic, priority }: Outgoing): void {
    this.figures.of(topic).dropped += 1;
    if (priority < PRIORITY_HIGH) return;
    this.#lostUnsaid += 1;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#saidMs < SAID_EVERY_MS) return;
    this.#options.log.warning("messages of high priority are lost: the bus is away or too slow", {
      topic,
      messages: this.#lostUnsaid,
    });
    this.#saidMs = nowMs;
    this.#lostUnsaid = 0;
  }

  #encode(topic: string, payload: BusPayload, options: PublishOptions) {
    const { source, clock } = this.#options;
    const message = createMessage({ topic, source, epoch: this.epoch, clock }, payload, options);
    return { bytes: encodeMessage(message), id: message.id };
  }
}

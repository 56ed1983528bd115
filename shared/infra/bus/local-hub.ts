import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type BusMessage, HubReplySchema, HubRequestSchema } from "#proto/bus_pb.ts";
import { LINK_TIMINGS } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import { RETENTION, type Retention } from "./broker-connection.ts";
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
import { HubCaller, type HubHouse } from "./hub-caller.ts";
import { HubPresence } from "./hub-presence.ts";
import { HubStream } from "./hub-stream.ts";
import { createMessage, decodeMessage, encodeMessage } from "./message.ts";
import type { Presence, PresenceSet } from "./presence.ts";

/** A process that is connected to the hub: one WebSocket. */
export interface HubConnection {
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

export interface LocalHubOptions {
  readonly clock: Clock;
  readonly source: string;
  readonly log?: Log;
  readonly retention?: Partial<Retention>;
}

interface Guest {
  readonly topics: Set<string>;
  readonly caller: HubCaller;
}

const NO_MESSAGE = "cannot read bus message: not a HubRequest";
/** Of all kinds together; one more is refused. */
const STREAMS_MAX = 1_000;

/**
 * The bus of one machine, living in the server process: delivers in memory to the server itself
 * and over loopback sockets to the others. What is published while nobody listens is gone.
 */
export class LocalHub implements Bus {
  readonly kind = "local";
  readonly connected = true;
  readonly connections = 1;
  readonly trouble = undefined;
  readonly figures = new BusFigures(TOPICS);
  epoch = 0;
  readonly #options: LocalHubOptions;
  readonly #own = new BusSubscriptions();
  readonly #consumers = new Set<Consumer>();
  readonly #streams = new Map<string, HubStream>();
  readonly #guests = new Map<HubConnection, Guest>();
  readonly #presence: HubPresence;
  readonly #house: HubHouse;
  #accepts: (message: BusMessage) => boolean = () => true;

  constructor(options: LocalHubOptions) {
    this.#options = options;
    this.#presence = new HubPresence(options.clock);
    this.#house = {
      presence: this.#presence,
      stream: (topic) => this.#stream(topic),
      accepts: (message) => this.#accepts(message),
    };
  }

  publish(topic: string, payload: BusPayload, options: PublishOptions = {}): void {
    this.figures.of(topic).published += 1;
    this.#deliver(this.#create(topic, payload, options), undefined);
  }

  subscribe(topic: string, handler: BusHandler): () => void {
    return this.#own.add(topic, handler);
  }

  async send(topic: string, payload: BusPayload, options: PublishOptions = {}): Promise<void> {
    const message = this.#create(topic, payload, options);
    const figures = this.figures.of(topic);
    figures.published += 1;
    figures.inFlight += 1;
    await this.#stream(topic).add(message.id, encodeMessage(message));
    figures.inFlight -= 1;
  }

  consume(topic: string, options: ConsumeOptions, handler: ConsumeHandler): () => Promise<void> {
    const { clock, log } = this.#options;
    const consumer = new Consumer({
      ...{ topic, handler, clock, log },
      ...{ name: options.name, from: options.from ?? "start", batchMax: options.batchMax ?? 100 },
      figures: this.figures.of(topic),
      timings: LINK_TIMINGS,
      source: {
        isThere: () => true,
        open: async ({ name, from }) => {
          return { reader: this.#stream(topic).open(name, from), isLive: () => true };
        },
      },
    });
    this.#consumers.add(consumer);
    return async () => {
      this.#consumers.delete(consumer);
      await consumer.close();
    };
  }

  presence(set: PresenceSet): Presence {
    return {
      put: async (entries) => this.#presence.put(set, entries),
      remove: async (keys) => this.#presence.remove(set.name, keys),
      list: async () => this.#presence.list(set.name),
    };
  }

  /** What other processes publish and `accepts` refuses reaches nobody. */
  guard(accepts: (message: BusMessage) => boolean): void {
    this.#accepts = accepts;
  }

  /** A process connected. */
  open(connection: HubConnection): void {
    const caller = new HubCaller(this.#house, (bytes) => connection.send(bytes));
    this.#guests.set(connection, { topics: new Set(), caller });
  }

  /** A connected process sent a HubRequest; anything else closes its connection with 1007. */
  message(connection: HubConnection, bytes: Uint8Array): void {
    const guest = this.#guests.get(connection);
    if (guest === undefined) return;
    const request = decodeRequest(bytes);
    if (request === undefined) {
      connection.close(1007, NO_MESSAGE);
    } else if (request.case === "publish") {
      const message = decodeMessage(request.value);
      if (message === undefined) connection.close(1007, NO_MESSAGE);
      else if (this.#accepts(message)) this.#deliver(message, connection);
    } else if (request.case === "subscribe") {
      for (const topic of request.value.topics) guest.topics.add(topic);
    } else {
      void guest.caller.call(request.value);
    }
  }

  /** A process disconnected. */
  closed(connection: HubConnection): void {
    this.#guests.get(connection)?.caller.close();
    this.#guests.delete(connection);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    for (const [connection, { caller }] of this.#guests) {
      connection.close(1001, "the server stops");
      caller.close();
    }
    this.#guests.clear();
  }

  #deliver(message: BusMessage, from: HubConnection | undefined): void {
    this.figures.of(message.topic).consumed += 1;
    this.#own.deliver(message);
    let bytes: Uint8Array | undefined;
    for (const [connection, { topics }] of this.#guests) {
      if (connection === from || !topics.has(message.topic)) continue;
      const reply = { reply: { case: "message" as const, value: encodeMessage(message) } };
      bytes ??= toBinary(HubReplySchema, create(HubReplySchema, reply));
      connection.send(bytes);
    }
  }

  #create(topic: string, payload: BusPayload, options: PublishOptions): BusMessage {
    const { source, clock } = this.#options;
    return createMessage({ topic, source, epoch: this.epoch, clock }, payload, options);
  }

  #stream(topic: string): HubStream {
    const known = this.#streams.get(topic);
    if (known !== undefined) return known;
    if (this.#streams.size >= STREAMS_MAX) {
      throw new Error(`cannot keep messages of ${topic}: there are ${STREAMS_MAX} topics already`);
    }
    const { clock, retention } = this.#options;
    const stream = new HubStream(clock, { ...RETENTION, ...retention });
    this.#streams.set(topic, stream);
    return stream;
  }
}

function decodeRequest(bytes: Uint8Array) {
  try {
    const { request } = fromBinary(HubRequestSchema, bytes);
    return request.case === undefined ? undefined : request;
  } catch {
    return undefined; // Not protobuf: the caller closes the connection and says so.
  }
}

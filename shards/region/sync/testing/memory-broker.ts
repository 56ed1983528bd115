import { create } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import type { Random } from "#shared/sim/kernel/random.ts";
import type { RegionLink } from "../region-link.ts";

type Payload = Parameters<RegionLink["publish"]>[1];
type Handler = (messages: readonly BusMessage[]) => Promise<void> | void;

interface Place {
  readonly topic: string;
  readonly handler: Handler;
  readonly owner: string;
  next: number;
  isBusy: boolean;
  isClosed: boolean;
}

/** Messages that are handed over at once, at most. */
const BATCH_MAX = 100;

/**
 * A broker in memory, whose cables can be cut: for tests of what regions do when it is away, loses
 * its stream, or tells things twice and in another order.
 */
export class MemoryBroker {
  readonly #streams = new Map<string, BusMessage[]>();
  readonly #places = new Map<string, Place>();
  readonly #subscribers: { topic: string; owner: string; tell: (message: BusMessage) => void }[] =
    [];
  readonly #cut = new Set<string>();
  readonly #random: Random | undefined;

  /** With a source of chance, messages come twice and out of order now and then. */
  constructor(random?: Random) {
    this.#random = random;
  }

  /** One process's end of it. */
  link(owner: string): RegionLink {
    return {
      publish: (topic, payload) => this.#publish(owner, topic, payload),
      subscribe: (topic, tell) => {
        const subscriber = { topic, owner, tell };
        this.#subscribers.push(subscriber);
        return () => void this.#subscribers.splice(this.#subscribers.indexOf(subscriber), 1);
      },
      send: async (topic, payload, { id } = {}) => {
        if (this.#cut.has(owner)) throw new Error("the broker is away");
        this.#append(topic, messageOf(owner, payload, id));
      },
      consume: (topic, { name }, handler) => {
        const known = this.#places.get(`${topic} ${name}`);
        const next = known?.next ?? 0;
        const place = { topic, handler, owner, next, isBusy: false, isClosed: false };
        this.#places.set(`${topic} ${name}`, place);
        return async () => {
          place.isClosed = true;
        };
      },
    };
  }

  /** Cuts somebody off, or heals it. */
  cut(owner: string, isCut = true): void {
    if (isCut) this.#cut.add(owner);
    else this.#cut.delete(owner);
  }

  /** The streams lose all that they hold, read or not. */
  flush(): void {
    for (const stream of this.#streams.values()) stream.length = 0;
    for (const place of this.#places.values()) place.next = 0;
  }

  /** Messages in the streams. */
  get held(): readonly BusMessage[] {
    return [...this.#streams.values()].flat();
  }

  /** Puts a message into the stream again, or a forged one. */
  inject(topic: string, message: BusMessage): void {
    this.#append(topic, message);
  }

  /** Hands over what waits to whoever is not busy. */
  deliver(): void {
    for (const place of this.#places.values()) {
      const stream = this.#streams.get(place.topic) ?? [];
      if (place.isClosed || place.isBusy || this.#cut.has(place.owner)) continue;
      const messages = stream.slice(place.next, place.next + BATCH_MAX);
      if (messages.length === 0) continue;
      place.isBusy = true;
      Promise.resolve(place.handler(this.#disturbed(messages))).then(
        () => {
          place.next += messages.length;
          place.isBusy = false;
        },
        () => {
          place.isBusy = false;
        },
      );
    }
  }

  #publish(owner: string, topic: string, payload: Payload): void {
    if (this.#cut.has(owner)) return;
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.topic !== topic || subscriber.owner === owner) continue;
      if (!this.#cut.has(subscriber.owner)) subscriber.tell(messageOf(owner, payload));
    }
  }

  #append(topic: string, message: BusMessage): void {
    const stream = this.#streams.get(topic) ?? [];
    this.#streams.set(topic, stream);
    stream.push(message);
  }

  #disturbed(messages: readonly BusMessage[]): BusMessage[] {
    const random = this.#random;
    if (random === undefined) return [...messages];
    const twice = messages.filter(() => random.below(4) === 0);
    return [...messages, ...twice].sort(() => random.below(3) - 1);
  }
}

function messageOf(source: string, payload: Payload, id: string = crypto.randomUUID()): BusMessage {
  return create(BusMessageSchema, { id, source, payload });
}

// The bus on NATS: its own subjects for what may be lost, JetStream for what must arrive, one
// key-value bucket for each set of presence.
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { NatsConnection as Connection } from "@nats-io/transport-node";
import type { LinkTimings } from "#shared/infra/broker-link.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import { BrokerBus } from "./broker-bus.ts";
import {
  type BrokerConnection,
  RETENTION,
  type Reader,
  type ReaderOptions,
  type Retention,
  STREAM,
} from "./broker-connection.ts";
import { explainNats, nameNats, openNats } from "./nats-client.ts";
import { NatsReader } from "./nats-reader.ts";
import { ensureStream, subjectOf } from "./nats-stream.ts";
import type { PresenceSet } from "./presence.ts";

export interface NatsBusOptions {
  /** nats:// or tls://, with user and password or a token where there are. */
  readonly url: string;
  readonly source: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timings?: Partial<LinkTimings> | undefined;
  /** Buses of other names on the same NATS have nothing to do with this one. */
  readonly stream?: string | undefined;
  readonly retention?: Partial<Retention> | undefined;
}

/** Connects, and stays connected for as long as it lives. */
export class NatsBus extends BrokerBus {
  constructor(options: NatsBusOptions) {
    const { url, source, clock, log, timings, stream = STREAM } = options;
    const retention = { ...RETENTION, ...options.retention };
    super({
      ...{ kind: "nats", name: nameNats(url), source, clock, log, timings },
      open: (deliver) => NatsConnection.open({ url, stream, retention, clock, deliver }),
    });
  }
}

interface ConnectionOptions {
  readonly url: string;
  readonly stream: string;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly deliver: (bytes: Uint8Array) => void;
}

class NatsConnection implements BrokerConnection {
  readonly #options: ConnectionOptions;
  readonly #nats: Connection;
  readonly #jetstream: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #subscribed = new Set<string>();
  readonly #buckets = new Map<string, Promise<KV>>();
  readonly closed: Promise<string>;

  private constructor(options: ConnectionOptions, nats: Connection, manager: JetStreamManager) {
    this.#options = options;
    this.#nats = nats;
    this.#manager = manager;
    this.#jetstream = jetstream(nats);
    this.closed = nats.closed().then((error) => explainNats(error ?? "the connection was closed"));
  }

  static async open(options: ConnectionOptions): Promise<NatsConnection> {
    const nats = await openNats(options.url);
    try {
      const manager = await jetstreamManager(nats);
      await ensureStream(manager, options);
      return new NatsConnection(options, nats, manager);
    } catch (error) {
      await nats.close();
      throw new Error(explainNats(error), { cause: error });
    }
  }

  async ping(): Promise<void> {
    await this.#nats.flush();
  }

  async close(): Promise<void> {
    await this.#nats.close();
  }

  async subscribe(topic: string): Promise<void> {
    if (this.#subscribed.has(topic)) return;
    this.#subscribed.add(topic);
    const { stream, deliver } = this.#options;
    this.#nats.subscribe(subjectOf(stream, "topic", topic), {
      callback: (error, message) => {
        if (error === null) deliver(message.data);
      },
    });
  }

  async publish(topic: string, bytes: Uint8Array): Promise<void> {
    this.#nats.publish(subjectOf(this.#options.stream, "topic", topic), bytes);
  }

  async send(topic: string, bytes: Uint8Array, id: string): Promise<void> {
    const { stream } = this.#options;
    const expect = { streamName: stream };
    try {
      const subject = subjectOf(stream, "sent", topic);
      await this.#jetstream.publish(subject, bytes, { msgID: id, expect });
    } catch (error) {
      // Somebody removed the stream: whoever sends again finds one.
      if (/no responders|stream/i.test(String(error))) {
        await ensureStream(this.#manager, this.#options);
      }
      throw error;
    }
  }

  async openReader(options: ReaderOptions): Promise<Reader> {
    const { stream, retention, clock } = this.#options;
    await ensureStream(this.#manager, this.#options);
    return NatsReader.open(options, {
      ...{ nats: this.#nats, manager: this.#manager, jetstream: this.#jetstream },
      ...{ stream, retention, clock },
    });
  }

  async putPresence(set: PresenceSet, entries: ReadonlyMap<string, string>): Promise<void> {
    const bucket = await this.#bucket(set);
    await this.#forgetting(
      set,
      Promise.all([...entries].map(([key, value]) => bucket.put(encodeKey(key), value))),
    );
  }

  async removePresence(set: PresenceSet, keys: readonly string[]): Promise<void> {
    const bucket = await this.#bucket(set);
    await this.#forgetting(set, Promise.all(keys.map((key) => bucket.delete(encodeKey(key)))));
  }

  async listPresence(set: PresenceSet): Promise<ReadonlyMap<string, string>> {
    const bucket = await this.#bucket(set);
    // Going through the bucket's history waits for ever when its last entry ends meanwhile.
    const prefix = `$KV.${this.#bucketOf(set)}.`;
    const filter = { subjects_filter: `${prefix}>` };
    const { state } = await this.#forgetting(
      set,
      this.#manager.streams.info(`KV_${this.#bucketOf(set)}`, filter),
    );
    const names = Object.keys(state.subjects ?? {}).map((name) => name.slice(prefix.length));
    const found = await this.#forgetting(set, Promise.all(names.map((name) => bucket.get(name))));
    const entries = found.filter((entry) => entry?.operation === "PUT");
    return new Map(entries.map((entry) => [decodeKey(entry?.key ?? ""), entry?.string() ?? ""]));
  }

  #bucketOf({ name }: PresenceSet): string {
    const { stream } = this.#options;
    return stream === STREAM ? `tessera-presence-${name}` : `tessera-${stream}-presence-${name}`;
  }

  #bucket(set: PresenceSet): Promise<KV> {
    const known = this.#buckets.get(set.name);
    if (known !== undefined) return known;
    const options = { ttl: set.ttlMs, history: 1, storage: "memory" as const };
    const making = new Kvm(this.#jetstream).create(this.#bucketOf(set), options);
    this.#buckets.set(set.name, making);
    return this.#forgetting(set, making);
  }

  /** A bucket that fails may be gone; the next call makes it again. */
  async #forgetting<T>({ name }: PresenceSet, asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      this.#buckets.delete(name);
      throw error;
    }
  }
}

/** Keys of buckets are made of few characters. */
function encodeKey(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function decodeKey(key: string): string {
  return Buffer.from(key, "base64url").toString();
}

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema, HubRequestSchema } from "#proto/bus_pb.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type Bus, type BusHandler, type BusPayload, BusSubscriptions } from "./bus.ts";

/** A process that is connected to the hub: one WebSocket. */
export interface HubConnection {
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/**
 * The bus of one machine, living in the server process: delivers in memory to the server itself
 * and over loopback sockets to the others. What is published while nobody listens is gone.
 */
export class LocalHub implements Bus {
  readonly connected = true;
  readonly connections = 1;
  readonly #clock: Clock;
  readonly #source: string;
  readonly #own = new BusSubscriptions();
  #accepts: (message: BusMessage) => boolean = () => true;
  readonly #topicsOf = new Map<HubConnection, Set<string>>();

  constructor(options: { clock: Clock; source: string }) {
    this.#clock = options.clock;
    this.#source = options.source;
  }

  publish(topic: string, payload: BusPayload, id: string = crypto.randomUUID()): void {
    this.#deliver(
      create(BusMessageSchema, {
        id,
        topic,
        source: this.#source,
        timeMs: BigInt(Math.trunc(this.#clock.wallMs())),
        payload,
      }),
      undefined,
    );
  }

  subscribe(topic: string, handler: BusHandler): () => void {
    return this.#own.add(topic, handler);
  }

  /** What other processes publish and `accepts` refuses reaches nobody. */
  guard(accepts: (message: BusMessage) => boolean): void {
    this.#accepts = accepts;
  }

  /** A process connected. */
  open(connection: HubConnection): void {
    this.#topicsOf.set(connection, new Set());
  }

  /** A connected process sent a HubRequest; anything else closes its connection with 1007. */
  message(connection: HubConnection, bytes: Uint8Array): void {
    const topics = this.#topicsOf.get(connection);
    if (topics === undefined) return;
    const request = decodeRequest(bytes);
    if (request === undefined) {
      connection.close(1007, "cannot read bus message: not a HubRequest");
    } else if (request.case === "publish") {
      if (this.#accepts(request.value)) this.#deliver(request.value, connection);
    } else if (request.case === "subscribe") {
      for (const topic of request.value.topics) topics.add(topic);
    }
  }

  /** A process disconnected. */
  closed(connection: HubConnection): void {
    this.#topicsOf.delete(connection);
  }

  async close(): Promise<void> {
    for (const connection of this.#topicsOf.keys()) connection.close(1001, "the server stops");
    this.#topicsOf.clear();
  }

  #deliver(message: BusMessage, from: HubConnection | undefined): void {
    this.#own.deliver(message);
    let bytes: Uint8Array | undefined;
    for (const [connection, topics] of this.#topicsOf) {
      if (connection === from || !topics.has(message.topic)) continue;
      bytes ??= toBinary(BusMessageSchema, message);
      connection.send(bytes);
    }
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

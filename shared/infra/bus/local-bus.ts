import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { BusMessageSchema, type HubRequest, HubRequestSchema } from "#proto/bus_pb.ts";
import type { Log } from "#shared/infra/log.ts";
import { unsafeCast } from "#shared/infra/unsafe.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import { type Bus, type BusHandler, type BusPayload, BusSubscriptions } from "./bus.ts";

/** Messages kept while the hub is away; beyond it the oldest is dropped and counted. */
const QUEUE_LENGTH_MAX = 1_000;
const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 2_000;

export interface LocalBusOptions {
  /** The server's address, e.g. http://127.0.0.1:8088. */
  serverUrl: string;
  clusterSecret: string;
  /** Shard key or server id, named in each message. */
  source: string;
  clock: Clock;
  log: Log;
}

/**
 * A process's end of the local bus: one WebSocket to the server's hub. It reconnects by itself for
 * as long as it lives; meanwhile messages wait in a bounded queue.
 */
export class LocalBus implements Bus {
  readonly #options: LocalBusOptions;
  readonly #subscriptions = new BusSubscriptions();
  readonly #queue: Uint8Array<ArrayBuffer>[] = [];
  #socket: WebSocket | undefined;
  #cancelReconnect: CancelTimer | undefined;
  #reconnectMs = RECONNECT_MS_MIN;
  #closed = false;
  #saidAway = false;
  /** Of the lease under which this process speaks; 0 for none. Stands in each message. */
  epoch = 0;
  connections = 0;
  /** Messages lost to a full queue since the start. */
  droppedTotal = 0;

  constructor(options: LocalBusOptions) {
    this.#options = options;
    this.#connect();
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  publish(topic: string, payload: BusPayload, id: string = crypto.randomUUID()): void {
    const { source, clock } = this.#options;
    this.#request({
      case: "publish",
      value: {
        id,
        topic,
        source,
        timeMs: BigInt(Math.trunc(clock.wallMs())),
        payload,
        epoch: this.epoch,
      },
    });
  }

  subscribe(topic: string, handler: BusHandler): () => void {
    const remove = this.#subscriptions.add(topic, handler);
    if (this.connected) this.#request({ case: "subscribe", value: { topics: [topic] } });
    return remove;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelReconnect?.();
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.schedule(500, resolve);
      socket.addEventListener("close", () => {
        cancel();
        resolve();
      });
      socket.close(1000);
    });
  }

  #connect(): void {
    const { serverUrl, clusterSecret } = this.#options;
    const url = `${serverUrl.replace(/^http/, "ws").replace(/\/$/, "")}/bus`;
    // Bun takes headers where the browsers' types, which the whole project is checked with, have
    // the list of protocols.
    const options = unsafeCast<string[]>({ headers: { authorization: `Bearer ${clusterSecret}` } });
    const socket = new WebSocket(url, options);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => this.#onOpen(socket));
    socket.addEventListener("message", (event) => this.#onMessage(event.data));
    socket.addEventListener("close", (event) => this.#onClose(event.code, event.reason));
  }

  #onOpen(socket: WebSocket): void {
    this.connections += 1;
    this.#reconnectMs = RECONNECT_MS_MIN;
    if (this.#saidAway) this.#options.log.info("bus is back");
    this.#saidAway = false;
    socket.send(
      encodeRequest({ case: "subscribe", value: { topics: this.#subscriptions.topics } }),
    );
    for (const bytes of this.#queue.splice(0)) socket.send(bytes);
  }

  #onMessage(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    this.#subscriptions.deliver(fromBinary(BusMessageSchema, new Uint8Array(data)));
  }

  #onClose(code: number, reason: string): void {
    if (this.#closed) return;
    if (!this.#saidAway) {
      this.#options.log.warning("bus is away, trying again until it is back", {
        server: this.#options.serverUrl,
        code,
        reason,
      });
      this.#saidAway = true;
    }
    this.#cancelReconnect = this.#options.clock.schedule(this.#reconnectMs, () => this.#connect());
    this.#reconnectMs = Math.min(RECONNECT_MS_MAX, this.#reconnectMs * 2);
  }

  #request(request: HubRequestInit): void {
    const bytes = encodeRequest(request);
    if (this.connected && this.#socket !== undefined) {
      this.#socket.send(bytes);
      return;
    }
    if (this.#queue.length >= QUEUE_LENGTH_MAX) {
      this.#queue.shift();
      this.droppedTotal += 1;
    }
    this.#queue.push(bytes);
  }
}

type HubRequestInit = NonNullable<MessageInitShape<typeof HubRequestSchema>["request"]>;

function encodeRequest(request: HubRequestInit): Uint8Array<ArrayBuffer> {
  const message: HubRequest = create(HubRequestSchema, { request });
  return toBinary(HubRequestSchema, message);
}

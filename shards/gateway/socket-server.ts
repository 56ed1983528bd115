import { FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import type { AddressCounts } from "./address-counts.ts";
import type { Connection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { type BatchSocket, LegacyClient } from "./legacy/legacy-client.ts";
import type { LegacyForm } from "./legacy/legacy-scene.ts";
import { createLegacyScratch, type LegacyScratch } from "./legacy/legacy-translator.ts";
import { isOriginAllowed, type OriginPolicy } from "./origins.ts";
import type { SendResult } from "./socket.ts";

/** Bun keeps at most this much for a client that does not read; then frames are dropped. */
const BACKPRESSURE_BYTES_MAX = 256 * 1_024;
/** A socket that is silent for so long is closed; Bun pings in between, so only dead ones are. */
const IDLE_SECONDS = 30;
/**
 * A connection between two requests is cut after so long. A request's head always gets 10 s of
 * Bun's own, looked at every 4 s: 8 to 12 s, and no option changes that.
 */
const HTTP_IDLE_SECONDS = 6;

export interface SocketServerOptions {
  host: string;
  port: number;
  /** Several listeners of one process share the port; the system spreads connections over them. */
  sharesPort: boolean;
  origins: OriginPolicy;
  connectionsPerAddressMax: number;
  addresses: AddressCounts;
  /** How `/ws` speaks; undefined when nobody listens there. */
  legacyForm: LegacyForm | undefined;
  gateway: Gateway;
  metrics: GatewayMetrics;
  /** Answers everything but the game socket. */
  http: (request: Request) => Response | Promise<Response>;
}

/** What is spoken on a socket: our frames, or the ancestor's wire in one of its forms. */
type Speech = "frames" | LegacyForm;

interface SocketData {
  readonly speech: Speech;
  readonly address: string;
  connection: Connection | undefined;
  /** Stands between the socket and its connection where the ancestor's wire is spoken. */
  legacy: LegacyClient | undefined;
}

export interface SocketServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Listens for game sockets at `/game` and for the ancestor's at `/ws`; the only file that knows
 * Bun's WebSocket server.
 */
export function serveSockets(options: SocketServerOptions): SocketServer {
  const { gateway, addresses, metrics } = options;
  const scratch = createLegacyScratch();
  const server = Bun.serve<SocketData>({
    hostname: options.host,
    port: options.port,
    reusePort: options.sharesPort,
    idleTimeout: HTTP_IDLE_SECONDS,
    fetch: (request, server) => {
      const url = URL.parse(request.url);
      // A request whose Host header is empty or no host has no address.
      if (url === null) return new Response("cannot read request: bad host", { status: 400 });
      const speech = speechAt(url.pathname, options.legacyForm);
      if (speech === undefined) return options.http(request);
      return upgrade(request, server, { ...options, speech });
    },
    websocket: {
      maxPayloadLength: FRAME_BYTES_MAX,
      backpressureLimit: BACKPRESSURE_BYTES_MAX,
      idleTimeout: IDLE_SECONDS,
      perMessageDeflate: false,
      open(socket) {
        metrics.opened();
        connect(socket, gateway, scratch);
      },
      message({ data: { connection, legacy } }, data) {
        if (legacy !== undefined) legacy.message(data);
        else if (connection !== undefined) gateway.message(connection, data);
      },
      ping({ data: { connection } }, payload) {
        if (connection !== undefined) gateway.pinged(connection, payload);
      },
      pong({ data: { connection } }, payload) {
        if (connection !== undefined) gateway.ponged(connection, payload);
      },
      close(socket) {
        metrics.gone();
        addresses.release(socket.data.address);
        if (socket.data.connection !== undefined) gateway.closed(socket.data.connection);
      },
    },
  });
  return {
    port: server.port ?? options.port,
    stop: () => server.stop(true),
  };
}

function speechAt(pathname: string, legacyForm: LegacyForm | undefined): Speech | undefined {
  if (pathname === "/game") return "frames";
  return pathname === "/ws" ? legacyForm : undefined;
}

function upgrade(
  request: Request,
  server: Bun.Server<SocketData>,
  options: SocketServerOptions & { speech: Speech },
): Response | undefined {
  const { metrics, origins, addresses, connectionsPerAddressMax, speech } = options;
  if (!isOriginAllowed(request.headers.get("origin"), origins)) {
    metrics.refused("origin");
    return new Response("cannot open game socket: this origin is not allowed", { status: 403 });
  }
  const address = server.requestIP(request)?.address ?? "";
  if (!addresses.take(address, connectionsPerAddressMax)) {
    metrics.refused("address");
    return new Response("cannot open game socket: too many from this address", { status: 429 });
  }
  const data = { speech, address, connection: undefined, legacy: undefined };
  if (server.upgrade(request, { data })) return undefined;
  addresses.release(address);
  metrics.refused("upgrade");
  return new Response("cannot open game socket: this is a WebSocket address", { status: 426 });
}

function connect(
  socket: Bun.ServerWebSocket<SocketData>,
  gateway: Gateway,
  scratch: LegacyScratch,
): void {
  const { data } = socket;
  const own = new BunSocket(socket);
  if (data.speech === "frames") {
    data.connection = gateway.open(own);
    return;
  }
  const uuid = crypto.randomUUID();
  const { speech: form } = data;
  data.legacy = new LegacyClient({ gateway, socket: own, form, uuid, scratch });
  data.connection = data.legacy.connection;
}

/** Bun's socket as the gateway sees it; a class, since ten thousand closures take memory. */
class BunSocket implements BatchSocket {
  readonly #socket: Bun.ServerWebSocket<SocketData>;

  constructor(socket: Bun.ServerWebSocket<SocketData>) {
    this.#socket = socket;
  }

  send(bytes: Uint8Array<ArrayBuffer>): SendResult {
    const sent = this.#socket.sendBinary(bytes);
    if (sent > 0) return "sent";
    // 0: dropped; -1: queued behind others.
    return sent === 0 ? "dropped" : "queued";
  }

  batch(action: () => void): void {
    this.#socket.cork(action);
  }

  ping(payload: Uint8Array<ArrayBuffer>): void {
    this.#socket.ping(payload);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  bufferedBytes(): number {
    return this.#socket.getBufferedAmount();
  }
}

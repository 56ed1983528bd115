import { FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import type { AddressCounts } from "./address-counts.ts";
import type { Connection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { isOriginAllowed, type OriginPolicy } from "./origins.ts";
import type { SendResult, Socket } from "./socket.ts";

/** Bun keeps at most this much for a client that does not read; then frames are dropped. */
const BACKPRESSURE_BYTES_MAX = 256 * 1_024;
/** A socket that is silent for so long is closed; Bun pings in between, so only dead ones are. */
const IDLE_SECONDS = 30;
/** Slow request headers are cut. */
const HTTP_IDLE_SECONDS = 10;

export interface SocketServerOptions {
  host: string;
  port: number;
  /** Several listeners of one process share the port; the system spreads connections over them. */
  sharesPort: boolean;
  origins: OriginPolicy;
  connectionsPerAddressMax: number;
  addresses: AddressCounts;
  gateway: Gateway;
  metrics: GatewayMetrics;
  /** Answers everything but the game socket. */
  http: (request: Request) => Response | Promise<Response>;
}

interface SocketData {
  connection: Connection | undefined;
  address: string;
}

export interface SocketServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens for game sockets at `/game`; the only file that knows Bun's WebSocket server. */
export function serveSockets(options: SocketServerOptions): SocketServer {
  const { gateway, addresses, metrics } = options;
  const server = Bun.serve<SocketData>({
    hostname: options.host,
    port: options.port,
    reusePort: options.sharesPort,
    idleTimeout: HTTP_IDLE_SECONDS,
    fetch: (request, server) => {
      const url = URL.parse(request.url);
      // A request whose Host header is empty or no host has no address.
      if (url === null) return new Response("cannot read request: bad host", { status: 400 });
      if (url.pathname !== "/game") return options.http(request);
      return upgrade(request, server, options);
    },
    websocket: {
      maxPayloadLength: FRAME_BYTES_MAX,
      backpressureLimit: BACKPRESSURE_BYTES_MAX,
      idleTimeout: IDLE_SECONDS,
      perMessageDeflate: false,
      open(socket) {
        metrics.opened();
        socket.data.connection = gateway.open(new BunSocket(socket));
      },
      message(socket, data) {
        if (socket.data.connection !== undefined) gateway.message(socket.data.connection, data);
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

function upgrade(
  request: Request,
  server: Bun.Server<SocketData>,
  options: SocketServerOptions,
): Response | undefined {
  const { metrics, origins, addresses, connectionsPerAddressMax } = options;
  if (!isOriginAllowed(request.headers.get("origin"), origins)) {
    metrics.refused("origin");
    return new Response("cannot open game socket: this origin is not allowed", { status: 403 });
  }
  const address = server.requestIP(request)?.address ?? "";
  if (!addresses.take(address, connectionsPerAddressMax)) {
    metrics.refused("address");
    return new Response("cannot open game socket: too many from this address", { status: 429 });
  }
  if (server.upgrade(request, { data: { connection: undefined, address } })) return undefined;
  addresses.release(address);
  metrics.refused("upgrade");
  return new Response("cannot open game socket: this is a WebSocket address", { status: 426 });
}

/** Bun's socket as the gateway sees it; a class, since ten thousand closures take memory. */
class BunSocket implements Socket {
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

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  bufferedBytes(): number {
    return this.#socket.getBufferedAmount();
  }
}

import { listenOnFreePort } from "#shared/infra/listen.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { FRAME_BYTES_MAX } from "#shared/net/protocol.ts";
import type { Connection } from "./connection.ts";
import type { Gateway } from "./gateway.ts";
import type { GatewayMetrics } from "./gateway-metrics.ts";
import { isOriginAllowed, type OriginPolicy } from "./origins.ts";

/** Bun keeps at most this much for a client that does not read; then frames are dropped. */
const BACKPRESSURE_BYTES_MAX = 256 * 1_024;
/** A socket that is silent for so long is closed; Bun pings in between, so only dead ones are. */
const IDLE_SECONDS = 30;
/** Slow request headers are cut. */
const HTTP_IDLE_SECONDS = 10;

export interface SocketServerOptions {
  host: string;
  port: number;
  mode: Mode;
  origins: OriginPolicy;
  connectionsPerAddressMax: number;
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
  const { gateway } = options;
  const perAddress = new Map<string, number>();
  const start = (port: number) =>
    Bun.serve<SocketData>({
      hostname: options.host,
      port,
      idleTimeout: HTTP_IDLE_SECONDS,
      fetch: (request, server) => {
        const url = URL.parse(request.url);
        // A request whose Host header is empty or no host has no address.
        if (url === null) return new Response("cannot read request: bad host", { status: 400 });
        if (url.pathname !== "/game") return options.http(request);
        return upgrade(request, server, options, perAddress);
      },
      websocket: {
        maxPayloadLength: FRAME_BYTES_MAX,
        backpressureLimit: BACKPRESSURE_BYTES_MAX,
        idleTimeout: IDLE_SECONDS,
        perMessageDeflate: false,
        open(socket) {
          socket.data.connection = gateway.open({
            // 0 means dropped; -1 means queued behind others, which is fine.
            send: (bytes) => socket.send(bytes) !== 0,
            close: (code, reason) => socket.close(code, reason),
            bufferedBytes: () => socket.getBufferedAmount(),
          });
        },
        message(socket, data) {
          if (socket.data.connection !== undefined) gateway.message(socket.data.connection, data);
        },
        close(socket) {
          release(perAddress, socket.data.address);
          if (socket.data.connection !== undefined) gateway.closed(socket.data.connection);
        },
      },
    });
  const server = listenOnFreePort({ ...options, setting: "TESSERA_SHARD_PORT" }, start);
  return {
    port: server.port ?? options.port,
    stop: () => server.stop(true),
  };
}

function upgrade(
  request: Request,
  server: Bun.Server<SocketData>,
  options: SocketServerOptions,
  perAddress: Map<string, number>,
): Response | undefined {
  const { metrics, origins, connectionsPerAddressMax } = options;
  if (!isOriginAllowed(request.headers.get("origin"), origins)) {
    metrics.refused("origin");
    return new Response("cannot open game socket: this origin is not allowed", { status: 403 });
  }
  const address = server.requestIP(request)?.address ?? "";
  const held = perAddress.get(address) ?? 0;
  if (held >= connectionsPerAddressMax) {
    metrics.refused("address");
    return new Response("cannot open game socket: too many from this address", { status: 429 });
  }
  if (server.upgrade(request, { data: { connection: undefined, address } })) {
    perAddress.set(address, held + 1);
    return undefined;
  }
  metrics.refused("upgrade");
  return new Response("cannot open game socket: this is a WebSocket address", { status: 426 });
}

function release(perAddress: Map<string, number>, address: string): void {
  const held = perAddress.get(address) ?? 0;
  if (held <= 1) perAddress.delete(address);
  else perAddress.set(address, held - 1);
}

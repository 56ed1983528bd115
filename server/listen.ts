/** Bun.serve for this process: Elysia and the bus socket on one port. */
import type { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { ConfigurationError, type Mode } from "#shared/infra/settings.ts";
import { BUS_PATH, type BusSocketData, createBusSocket } from "./http/bus.ts";
import { BODY_BYTES_MAX } from "./http/read-body.ts";

/** Ports tried after a busy one, in development. */
const PORTS_TRIED_MAX = 50;
/** Longer than the pings of a stream, shorter than anybody's patience with slow headers. */
const IDLE_SECONDS = 10;
const STREAM_IDLE_SECONDS = 60;

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly mode: Mode;
  readonly hub: LocalHub;
  readonly clusterSecret: string;
  /** Answers everything but the bus. */
  readonly fetch: (request: Request, address: string | undefined) => Response | Promise<Response>;
}

/** Listens; a busy port means the next one in development and a clear refusal in production. */
export function listen(options: ListenOptions): Bun.Server<BusSocketData> {
  const { host, port, mode } = options;
  const tries = mode === "production" || port === 0 ? 1 : PORTS_TRIED_MAX;
  for (let offset = 0; offset < tries && port + offset <= 65_535; offset++) {
    try {
      return serve(options, port + offset);
    } catch (error) {
      if (!hasCode(error, "EADDRINUSE")) throw refuse(host, port, error);
    }
  }
  throw new ConfigurationError(
    `cannot listen on ${host}:${port}: the port is taken; stop the process that holds it or set ` +
      "TESSERA_PORT to a free one",
  );
}

function serve(options: ListenOptions, port: number): Bun.Server<BusSocketData> {
  const bus = createBusSocket(options.hub, options.clusterSecret);
  return Bun.serve<BusSocketData>({
    hostname: options.host,
    port,
    idleTimeout: IDLE_SECONDS,
    // The app answers with a clear error beyond BODY_BYTES_MAX; this bounds what it may be sent.
    maxRequestBodySize: BODY_BYTES_MAX * 4,
    websocket: bus.websocket,
    fetch(request, server) {
      const path = new URL(request.url).pathname;
      if (path === BUS_PATH) return bus.accept(request, server);
      if (path.startsWith("/trpc/")) server.timeout(request, STREAM_IDLE_SECONDS);
      return options.fetch(request, server.requestIP(request)?.address);
    },
  });
}

function refuse(host: string, port: number, cause: unknown): ConfigurationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigurationError(
    `cannot listen on ${host}:${port}: ${reason}; check TESSERA_HOST and TESSERA_PORT`,
    { cause },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Bun.serve for this process: Elysia and the bus socket on one port. */
import type { LocalHub } from "#shared/infra/bus/local-hub.ts";
import { listenOnFreePort } from "#shared/infra/listen.ts";
import type { Mode } from "#shared/infra/settings.ts";
import { BUS_PATH, type BusSocketData, createBusSocket } from "./http/bus.ts";
import { BODY_BYTES_MAX } from "./http/read-body.ts";

/** Longer than the pings of a stream, shorter than anybody's patience with slow headers. */
const IDLE_SECONDS = 10;
const STREAM_IDLE_SECONDS = 60;

export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly mode: Mode;
  /** Undefined when the deployment's bus is elsewhere. */
  readonly hub: LocalHub | undefined;
  readonly clusterSecret: string;
  /** Answers everything but the bus. */
  readonly fetch: (request: Request, address: string | undefined) => Response | Promise<Response>;
}

/** Listens; a taken port means the next one in development and a clear refusal in production. */
export function listen(options: ListenOptions): Promise<Bun.Server<BusSocketData>> {
  return listenOnFreePort({ ...options, setting: "TESSERA_PORT" }, (port) => serve(options, port));
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

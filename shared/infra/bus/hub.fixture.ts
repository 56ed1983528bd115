// A hub of the local bus on a real socket.
import type { Log } from "#shared/infra/log.ts";
import { systemClock } from "#shared/time/clock.ts";
import type { Retention } from "./broker-connection.ts";
import { type HubConnection, LocalHub } from "./local-hub.ts";

export interface ServedHub {
  readonly hub: LocalHub;
  readonly port: number;
  readonly url: string;
  /** The server is gone at once, with all that the hub knew. */
  stop(): Promise<void>;
}

/** The same port can be served again after a stop. */
export function serveHub(
  options: { port?: number; retention?: Partial<Retention>; log?: Log } = {},
): ServedHub {
  const { port = 0, ...rest } = options;
  const hub = new LocalHub({ clock: systemClock, source: "server", ...rest });
  const server = Bun.serve<{ connection?: HubConnection }>({
    hostname: "127.0.0.1",
    port,
    fetch: (request, upgrader) => {
      const authorized = request.headers.get("authorization") === "Bearer secret";
      if (authorized && upgrader.upgrade(request, { data: {} })) return undefined;
      return new Response(null, { status: 401 });
    },
    websocket: {
      open(socket) {
        socket.data.connection = {
          send: (bytes) => void socket.sendBinary(bytes),
          close: (code, reason) => socket.close(code, reason),
        };
        hub.open(socket.data.connection);
      },
      message(socket, data) {
        if (socket.data.connection === undefined || typeof data === "string") return;
        hub.message(socket.data.connection, data);
      },
      close(socket) {
        if (socket.data.connection !== undefined) hub.closed(socket.data.connection);
      },
    },
  });
  const stop = async () => {
    await server.stop(true);
    await hub.close();
  };
  return { hub, stop, port: server.port ?? 0, url: `http://127.0.0.1:${server.port}` };
}

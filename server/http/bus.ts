/** The local bus's hub on WebSocket /bus, for the other processes of this deployment. */
import type { ServerWebSocket, WebSocketHandler } from "bun";
import { hasBearer } from "#shared/infra/bearer.ts";
import { MESSAGE_BYTES_MAX } from "#shared/infra/bus/bus.ts";
import type { HubConnection, LocalHub } from "#shared/infra/bus/local-hub.ts";
import { AppError } from "#shared/model/errors.ts";
import { toErrorResponse } from "../errors.ts";

export const BUS_PATH = "/bus";

/** Of a message, with what names it on the way. */
const FRAME_BYTES_MAX = MESSAGE_BYTES_MAX + 1_024;
const ELSEWHERE =
  "cannot join the bus: this server's is elsewhere; give this process the same TESSERA_BUS";
/**
 * A process that does not read for so long that this much waits is cut; it comes back by
 * itself.
 */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;

export interface BusSocketData {
  connection: HubConnection | undefined;
}

/** The two halves that Bun.serve wants: a decision on the upgrade, and the socket's callbacks. */
export function createBusSocket(hub: LocalHub | undefined, clusterSecret: string) {
  const websocket: WebSocketHandler<BusSocketData> = {
    maxPayloadLength: FRAME_BYTES_MAX,
    backpressureLimit: BACKLOG_BYTES_MAX,
    closeOnBackpressureLimit: true,
    perMessageDeflate: false,
    open(socket) {
      socket.data.connection = toConnection(socket);
      hub?.open(socket.data.connection);
    },
    message(socket, message) {
      const { connection } = socket.data;
      if (connection === undefined) return;
      if (typeof message === "string") connection.close(1003, "cannot read text: send protobuf");
      else hub?.message(connection, message);
    },
    close(socket) {
      if (socket.data.connection !== undefined) hub?.closed(socket.data.connection);
    },
  };

  /** Undefined when the socket was upgraded. */
  function accept(request: Request, server: Bun.Server<BusSocketData>): Response | undefined {
    if (!hasBearer(request, clusterSecret)) {
      return toErrorResponse(
        new AppError("UNAUTHORIZED", "cannot join the bus: the cluster secret is missing or wrong"),
      );
    }
    if (hub === undefined) return toErrorResponse(new AppError("NOT_FOUND", ELSEWHERE));
    if (server.upgrade(request, { data: { connection: undefined } })) return undefined;
    return toErrorResponse(
      new AppError("INVALID_INPUT", "cannot join the bus: this address takes WebSockets only"),
    );
  }

  return { websocket, accept };
}

function toConnection(socket: ServerWebSocket<BusSocketData>): HubConnection {
  return {
    send: (bytes) => {
      socket.sendBinary(bytes);
    },
    close: (code, reason) => socket.close(code, reason),
  };
}

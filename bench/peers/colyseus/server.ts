// The peer's server: `bun run server.ts --side 4427`. Prints one line of JSON when it is ready;
// GET /figures on its second port tells figures since the last POST /reset.
import { BunWebSockets } from "@colyseus/bun-websockets";
import { Server } from "@colyseus/core";
import { Encoder } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { ROOM_NAME, sideFor } from "./arena.ts";
import { endWithParent } from "./child.ts";
import { openDesk } from "./desk.ts";
import { Figures } from "./figures.ts";
import { createArenaRoom } from "./room.ts";
import { readSettings } from "./settings.ts";

// Recommended for states beyond the default of 16 KB: one patch of all views is written into it.
Encoder.BUFFER_SIZE = 1_024 * 1_024;

endWithParent();
const settings = readSettings(process.argv.slice(2), sideFor(1_000));
const figures = new Figures(settings.rateHz);
const transport = settings.transport === "bun" ? new BunWebSockets() : new WebSocketTransport();
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define(ROOM_NAME, createArenaRoom(settings, figures));
const port = settings.port === 0 ? freePort() : settings.port;
await server.listen(port, "127.0.0.1");

console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, figures: openDesk(figures).href }));

/** Colyseus does not tell which port it took, so one is chosen before. */
function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}

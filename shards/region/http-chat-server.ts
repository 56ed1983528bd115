import {
  Relayed,
  type RelayedLine,
  type RelayedResult,
  type Standing,
  Standings,
} from "#shared/model/chat-relay.ts";
import type { ChatServer } from "../chat/chat-server.ts";
import { askServer, type ServerAccess } from "./ask-server.ts";

/** The server's procedures chat.relay and chat.listStandings. */
export class HttpChatServer implements ChatServer {
  readonly #server: ServerAccess;

  constructor(server: ServerAccess) {
    this.#server = server;
  }

  async relay(lines: readonly RelayedLine[]): Promise<readonly RelayedResult[]> {
    return Relayed.parse(await askServer(this.#server, "/api/chat/relay", { lines })).results;
  }

  async listStandings(players: readonly string[]): Promise<readonly Standing[]> {
    const answer = await askServer(this.#server, "/api/chat/standings", { players });
    return Standings.parse(answer).standings;
  }
}

import { EndedSessions, type EndedSessionsInput } from "#shared/model/auth.ts";
import { askServer, type ServerAccess } from "./ask-server.ts";
import type { LoginAuthority } from "./login-watch.ts";

/** The server as the one who knows: its procedure auth.listEndedSessions. */
export class HttpLoginAuthority implements LoginAuthority {
  readonly #server: ServerAccess;

  constructor(server: ServerAccess) {
    this.#server = server;
  }

  async listEnded(input: EndedSessionsInput): Promise<EndedSessions> {
    return EndedSessions.parse(await askServer(this.#server, "/api/auth/ended-sessions", input));
  }
}

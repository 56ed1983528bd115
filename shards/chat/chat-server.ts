import type { Bus } from "#shared/infra/bus/bus.ts";
import type { RelayedLine, RelayedResult, Standing } from "#shared/model/chat-relay.ts";

/** The one authority for who may speak and what was said; a call that rejects was not answered. */
export interface ChatServer {
  /** Says lines; the results are in their order. */
  relay(lines: readonly RelayedLine[]): Promise<readonly RelayedResult[]>;
  listStandings(players: readonly string[]): Promise<readonly Standing[]>;
}

/**
 * The same, not answering while the bus is away: what is said then would be kept, and nobody here
 * would hear it.
 */
export function whileHeard(server: ChatServer, bus: Pick<Bus, "connected">): ChatServer {
  return {
    relay: async (lines) => {
      if (!bus.connected) throw new Error("cannot relay lines: the bus is away");
      return await server.relay(lines);
    },
    listStandings: (players) => server.listStandings(players),
  };
}

import type { RelayedLine, RelayedResult, Standing } from "#shared/model/chat-relay.ts";

/** The one authority for who may speak and what was said; a call that rejects was not answered. */
export interface ChatServer {
  /** Says lines; the results are in their order. */
  relay(lines: readonly RelayedLine[]): Promise<readonly RelayedResult[]>;
  listStandings(players: readonly string[]): Promise<readonly Standing[]>;
}

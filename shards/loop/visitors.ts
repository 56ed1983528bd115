// Visitors: players without an account, who are in the world for as long as their connection. The
// id says so, and nothing else does, so that a world from a snapshot or a journal knows it too.

const PREFIX = "visitor-";

/** A visitor's player id; accounts' are plain UUIDs. */
export function visitorId(unique: string): string {
  return `${PREFIX}${unique}`;
}

/** Whether nothing is kept of a player: no session without a connection, no state, no token. */
export function isVisitor(playerId: string): boolean {
  return playerId.startsWith(PREFIX);
}

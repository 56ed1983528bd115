// Who is where, as shards tell it: a few entries of the bus's presence for each shard, each with a
// part of its players, so that telling of thousands takes a few calls.
import type { PresenceSet } from "./presence.ts";

/**
 * How long what a shard said stands when it says it no more. With the grace that servers give
 * (server/domains/presence/presence-book.ts) a player of a dead shard is gone within 9 s.
 */
export const PLAYER_PRESENCE: PresenceSet = { name: "players", ttlMs: 5_000 };
/** How often a shard says it all again. */
export const PLAYER_PRESENCE_EVERY_MS = 1_500;

/** A player in a shard. */
export interface PresentPlayer {
  readonly playerId: string;
  /** When it came, by the shard's clock. */
  readonly sinceMs: number;
  /** Else its connection is lost, and it may resume. */
  readonly connected: boolean;
}

/** One entry: a part of a shard's players. */
export interface PlayerEntry {
  readonly shardKey: string;
  readonly epoch: number;
  /** Another one each time. */
  readonly sequence: string;
  /** The players, for `decodePlayers`; equal for equal players. */
  readonly body: string;
}

/** `shardKey#part`. */
export function playerEntryKey(shardKey: string, part: number): string {
  return `${shardKey}#${part}`;
}

/** The text of an entry. */
export function encodePlayerEntry({
  epoch,
  sequence,
  body,
}: Omit<PlayerEntry, "shardKey">): string {
  return `${epoch} ${sequence} ${body}`;
}

/** One player's part of a body; a body is such parts one after the other, with a comma between. */
export function encodePlayer({ playerId, sinceMs, connected }: PresentPlayer): string {
  return `${playerId}/${Math.trunc(sinceMs).toString(36)}${connected ? "" : "/away"}`;
}

/** Undefined for what is no entry. */
export function decodePlayerEntry(key: string, text: string): PlayerEntry | undefined {
  const match = /^([0-9]+) ([^ ]+) ([^ ]*)$/.exec(text);
  const shardKey = key.split("#", 1)[0];
  if (match === null || shardKey === undefined || !key.includes("#")) return undefined;
  const [, epoch = "0", sequence = "", body = ""] = match;
  return { shardKey, epoch: Number(epoch), sequence, body };
}

/** The players of a body. */
export function decodePlayers(body: string): PresentPlayer[] {
  const players: PresentPlayer[] = [];
  if (body === "") return players;
  for (const part of body.split(",")) {
    const [playerId, since, away] = part.split("/");
    const sinceMs = Number.parseInt(since ?? "", 36);
    if (playerId === undefined || Number.isNaN(sinceMs)) continue;
    players.push({ playerId, sinceMs, connected: away === undefined });
  }
  return players;
}

import type { PresencePlace } from "#shared/model/presence.ts";
import type { PlayerPlace } from "./presence-book.ts";

/** A place as callers see it. */
export function toPresencePlace(place: PlayerPlace): PresencePlace {
  const { worldId, region, shardKey, sinceMs, connected } = place;
  return { worldId, region, shardKey, since: new Date(sinceMs).toISOString(), connected };
}

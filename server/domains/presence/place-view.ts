import { RegionId, WorldId } from "#shared/model/ids.ts";
import type { PlayerPresence, PresencePlace } from "#shared/model/presence.ts";
import type { Sighting } from "./last-seen.ts";
import type { PlayerPlace } from "./presence-book.ts";

/** A place as callers see it. */
export function toPresencePlace(place: PlayerPlace): PresencePlace {
  const { worldId, region, shardKey, sinceMs, connected } = place;
  return { worldId, region, shardKey, since: new Date(sinceMs).toISOString(), connected };
}

/** Where somebody was; the very spot is for staff and the player. */
export function toLastPlace(
  { shardKey, x, y, atMs }: Sighting,
  showsSpot: boolean,
): PlayerPresence["lastSeen"] {
  const [world, , region] = shardKey.split(":");
  return {
    worldId: WorldId.parse(world),
    region: RegionId.parse(region),
    at: new Date(atMs).toISOString(),
    x: showsSpot ? x : null,
    y: showsSpot ? y : null,
  };
}

/** Who is where. */
import { z } from "zod";
import { PlayerId, RegionId, ShardKey, WorldId } from "./ids.ts";

/** Where a player is. */
export const PresencePlace = z
  .object({
    worldId: WorldId,
    region: RegionId,
    shardKey: ShardKey,
    since: z.iso.datetime().meta({ description: "When it was first seen there, within 2 s" }),
    connected: z.boolean().meta({ description: "False: its connection is lost, it may resume" }),
  })
  .meta({ id: "PresencePlace" });
export type PresencePlace = z.infer<typeof PresencePlace>;

const picture = {
  asOf: z.iso.datetime().nullable().meta({
    description: "When all shards were heard last; null: not yet since the server's start",
  }),
  fresh: z.boolean().meta({
    description: "The picture is at most 10 s old; else what shards meet on is away",
  }),
};

/** Where a player was. */
const LastPlace = z.object({
  worldId: WorldId,
  region: RegionId,
  at: z.iso.datetime(),
  x: z.number().nullable().meta({ description: "Null for other players" }),
  y: z.number().nullable(),
});

export const GetPresenceInput = z.object({ playerId: PlayerId });
export type GetPresenceInput = z.infer<typeof GetPresenceInput>;

/** Answer of presence.get: one place at most, that of the newest session. */
export const PlayerPresence = z
  .object({
    playerId: PlayerId,
    place: PresencePlace.nullable().meta({
      description: "Null when it is nowhere, or when one of the two blocks the other",
    }),
    lastSeen: LastPlace.nullable().meta({
      description: "Where it was last, within some seconds; null like place",
    }),
    ...picture,
  })
  .meta({ id: "PlayerPresence" });
export type PlayerPresence = z.infer<typeof PlayerPresence>;

export const ListPresenceInput = z.object({
  worldId: WorldId.optional(),
  region: RegionId.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: PlayerId.optional().meta({ description: "Where an earlier answer ended" }),
});
export type ListPresenceInput = z.infer<typeof ListPresenceInput>;

/** Answer of presence.list, by player id. */
export const PresencePage = z.object({
  players: z.array(PresencePlace.extend({ playerId: PlayerId })),
  total: z.number().int().meta({ description: "Of all pages" }),
  nextCursor: PlayerId.nullable(),
  ...picture,
});
export type PresencePage = z.infer<typeof PresencePage>;

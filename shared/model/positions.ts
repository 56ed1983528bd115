/** Who is near a point. */
import { z } from "zod";
import { PlayerId, RegionId, ShardKey, WorldId } from "./ids.ts";

/** A circle in a world: in the arena in units, in blocks in blocks. */
export const NearInput = z.object({
  worldId: WorldId,
  region: RegionId.optional().meta({ description: "Only shards of this region" }),
  x: z.coerce.number().min(0).max(1e9),
  y: z.coerce.number().min(0).max(1e9),
  radius: z.coerce.number().min(0).max(1e9),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type NearInput = z.infer<typeof NearInput>;

/** Answer of positions.near: the nearest first, of all shards of the world together. */
export const NearPlayers = z.object({
  players: z.array(
    z.object({
      playerId: PlayerId,
      shardKey: ShardKey,
      region: RegionId,
      x: z.number().meta({ description: "A second old at most while the player moves" }),
      y: z.number(),
      distance: z.number(),
    }),
  ),
});
export type NearPlayers = z.infer<typeof NearPlayers>;

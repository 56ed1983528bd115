/** Worlds, where they run, and the way in. */
import { z } from "zod";
import { RegionId, ShardKey, WorldId } from "./ids.ts";

/** A region in which a world runs. */
export const WorldRegion = z
  .object({
    region: RegionId,
    title: z.string(),
    online: z.boolean().meta({ description: "A shard there takes players in" }),
    population: z.number().int(),
    capacity: z.number().int(),
    address: z
      .string()
      .nullable()
      .meta({ description: "A shard's socket there, to see how far it is; null when none serves" }),
  })
  .meta({ id: "WorldRegion" });
export type WorldRegion = z.infer<typeof WorldRegion>;

/** A world, with what is known of it at this moment. */
export const World = z
  .object({
    id: WorldId,
    title: z.string(),
    online: z.boolean().meta({ description: "Some shard takes players in" }),
    population: z.number().int(),
    capacity: z.number().int(),
    shards: z.number().int().meta({ description: "Shards that are up" }),
    regions: z.array(WorldRegion),
  })
  .meta({ id: "World" });
export type World = z.infer<typeof World>;

export const WorldList = z.object({ worlds: z.array(World) });
export type WorldList = z.infer<typeof WorldList>;

export const GetWorldInput = z.object({ worldId: WorldId });
export type GetWorldInput = z.infer<typeof GetWorldInput>;

export const JoinWorldInput = z.object({
  worldId: WorldId,
  region: RegionId.optional().meta({ description: "Only shards of this region" }),
});
export type JoinWorldInput = z.infer<typeof JoinWorldInput>;

/** Where to connect, and the ticket for the first frame: single use, valid for 30 s. */
export const JoinedWorld = z
  .object({
    worldId: WorldId,
    shardKey: ShardKey,
    region: RegionId,
    address: z.string().meta({ examples: ["ws://127.0.0.1:7777/game"] }),
    ticket: z.string(),
    ticketExpiresAt: z.iso.datetime(),
  })
  .meta({ id: "JoinedWorld" });
export type JoinedWorld = z.infer<typeof JoinedWorld>;

/** One item of worlds.watchPopulation: how the world is now. */
export const WorldPopulation = z.object({
  worldId: WorldId,
  population: z.number().int(),
  online: z.boolean(),
  shards: z.number().int(),
});
export type WorldPopulation = z.infer<typeof WorldPopulation>;

/** Worlds that this version has rules for. */
const KNOWN_WORLDS = ["arena", "blocks"] as const;

export const KnownWorldId = WorldId.refine(
  (id) => KNOWN_WORLDS.some((known) => known === id),
  `must be one of ${KNOWN_WORLDS.join(", ")}`,
);

/** What worlds are called by people. */
export function titleOfWorld(id: WorldId): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}

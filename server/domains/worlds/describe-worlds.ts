import { asc, eq } from "drizzle-orm";
import { regions, worldRegions, worlds } from "#shared/infra/db/schema/control.ts";
import type { WorldId } from "#shared/model/ids.ts";
import type { World, WorldPopulation, WorldRegion } from "#shared/model/worlds.ts";
import type { ServerDeps } from "../../deps.ts";
import type { ShardRecord, ShardRegistry } from "./shard-registry.ts";

/** Worlds of the database together with what their shards say now. */
export async function describeWorlds(
  deps: Pick<ServerDeps, "database" | "shards">,
  worldId?: WorldId,
): Promise<World[]> {
  const rows = await deps.database.orm
    .select({ world: worlds, region: regions })
    .from(worlds)
    .innerJoin(worldRegions, eq(worldRegions.worldId, worlds.id))
    .innerJoin(regions, eq(regions.id, worldRegions.regionId))
    .where(worldId === undefined ? undefined : eq(worlds.id, worldId))
    .orderBy(asc(worlds.id), asc(regions.id));
  const byWorld = Map.groupBy(rows, (row) => row.world.id);
  return [...byWorld].map(([id, ofWorld]) => {
    const up = deps.shards.list(id);
    return {
      id,
      title: ofWorld[0]?.world.title ?? id,
      ...summarise(up),
      shards: up.length,
      regions: ofWorld.map(({ region }): WorldRegion => {
        const there = up.filter((shard) => shard.region === region.id);
        const address = there.find((shard) => shard.phase === "serving")?.address ?? null;
        return { region: region.id, title: region.title, ...summarise(there), address };
      }),
    };
  });
}

/** How many are in a world now. */
export function readPopulation(shards: ShardRegistry, worldId: WorldId): WorldPopulation {
  const up = shards.list(worldId);
  const { population, online } = summarise(up);
  return { worldId, population, online, shards: up.length };
}

function summarise(shards: readonly ShardRecord[]) {
  return {
    online: shards.some((shard) => shard.phase === "serving"),
    population: shards.reduce((sum, shard) => sum + shard.population, 0),
    capacity: shards.reduce((sum, shard) => sum + shard.capacity, 0),
  };
}

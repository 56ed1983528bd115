import { sql } from "drizzle-orm";
import { regions, worldRegions, worlds } from "#shared/infra/db/schema/control.ts";
import type { RegionFile } from "#shared/infra/region-file.ts";
import { titleOfWorld } from "#shared/model/worlds.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";

/** Makes the control database say what the region files say; runs at each start. */
export async function updateWorlds(
  deps: { database: ControlDatabase; clock: Clock },
  files: readonly RegionFile[],
): Promise<void> {
  const { orm } = deps.database;
  const createdAtMs = deps.clock.wallMs();
  const writes = files.flatMap((file) => [
    orm
      .insert(regions)
      .values({ id: file.region, title: file.title })
      .onConflictDoUpdate({ target: regions.id, set: { title: file.title } }),
    ...file.worlds.flatMap(({ world, instances }) => [
      orm
        .insert(worlds)
        .values({ id: world, title: titleOfWorld(world), createdAtMs })
        .onConflictDoUpdate({ target: worlds.id, set: { title: sql`excluded.title` } }),
      orm.insert(worldRegions).values({ worldId: world, regionId: file.region, instances }),
    ]),
  ]);
  await orm.batch([orm.delete(worldRegions), ...writes]);
}

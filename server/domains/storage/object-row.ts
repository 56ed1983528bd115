import { and, eq, or, type SQL } from "drizzle-orm";
import { storageObjects } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { StorageObject } from "#shared/model/storage.ts";
import type { Actor } from "../../context.ts";

/** Who asks: a player, or a process of the deployment, which may do everything. */
export type Accessor = Pick<Actor, "playerId"> | "service";

/** What an accessor may read. */
export function isReadableBy(accessor: Accessor): SQL | undefined {
  if (accessor === "service") return undefined;
  const isOwn = and(
    eq(storageObjects.playerId, accessor.playerId),
    eq(storageObjects.read, "owner"),
  );
  return or(eq(storageObjects.read, "public"), isOwn);
}

/** One object, whether or not it may be read. */
export function isObject(place: {
  readonly playerId: PlayerId;
  readonly collection: string;
  readonly key: string;
}): SQL | undefined {
  const { playerId, collection, key } = storageObjects;
  return and(eq(playerId, place.playerId), eq(collection, place.collection), eq(key, place.key));
}

/** A row as the API shows it. */
export function toStorageObject(row: typeof storageObjects.$inferSelect): StorageObject {
  const { playerId, collection, key, version, read, write } = row;
  return {
    ...{ playerId, collection, key },
    value: JSON.parse(row.value),
    ...{ version, read, write },
    createdAt: new Date(row.createdAtMs).toISOString(),
    updatedAt: new Date(row.updatedAtMs).toISOString(),
  };
}

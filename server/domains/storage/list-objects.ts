import { and, asc, eq, gt } from "drizzle-orm";
import { storageObjects } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ListObjectsInput, ObjectPage } from "#shared/model/storage.ts";
import type { ServerDeps } from "../../deps.ts";
import { type Accessor, isReadableBy, toStorageObject } from "./object-row.ts";

/** A page of a player's collection, of what the accessor may read, by key. */
export async function listObjects(
  { database }: Pick<ServerDeps, "database">,
  accessor: Accessor,
  input: ListObjectsInput & { readonly playerId: PlayerId },
): Promise<ObjectPage> {
  const { playerId, collection, limit, cursor } = input;
  const rows = await database.orm
    .select()
    .from(storageObjects)
    .where(
      and(
        eq(storageObjects.playerId, playerId),
        eq(storageObjects.collection, collection),
        cursor === undefined ? undefined : gt(storageObjects.key, cursor),
        isReadableBy(accessor),
      ),
    )
    .orderBy(asc(storageObjects.key))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { objects: page.map(toStorageObject), nextCursor: last?.key ?? null };
}

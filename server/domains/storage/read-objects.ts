import { and, or } from "drizzle-orm";
import { storageObjects } from "#shared/infra/db/schema/control.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import type { ReadObjects } from "#shared/model/storage.ts";
import type { ServerDeps } from "../../deps.ts";
import { type Accessor, isObject, isReadableBy, toStorageObject } from "./object-row.ts";

interface Place {
  readonly playerId: PlayerId;
  readonly collection: string;
  readonly key: string;
}

/** Several objects as they were at one moment, in the order asked for; the others are left out. */
export async function readObjects(
  { database }: Pick<ServerDeps, "database">,
  accessor: Accessor,
  places: readonly Place[],
): Promise<ReadObjects> {
  const rows = await database.orm
    .select()
    .from(storageObjects)
    .where(and(or(...places.map(isObject)), isReadableBy(accessor)));
  const byName = new Map(rows.map((row) => [nameOf(row), row]));
  const found = places.map((place) => byName.get(nameOf(place)));
  return { objects: found.flatMap((row) => (row === undefined ? [] : [toStorageObject(row)])) };
}

function nameOf({ playerId, collection, key }: Place): string {
  return `${playerId}/${collection}/${key}`;
}

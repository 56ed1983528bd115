import { and } from "drizzle-orm";
import { storageObjects } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { GetObjectInput, StorageObject } from "#shared/model/storage.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { isObject, isReadableBy, toStorageObject } from "./object-row.ts";

/** One object; one that may not be read is as if it were not there. */
export async function getObject(
  { database }: Pick<ServerDeps, "database">,
  actor: Actor,
  { collection, key, playerId = actor.playerId }: GetObjectInput,
): Promise<StorageObject> {
  const [row] = await database.orm
    .select()
    .from(storageObjects)
    .where(and(isObject({ playerId, collection, key }), isReadableBy(actor)));
  if (row !== undefined) return toStorageObject(row);
  throw new AppError(
    "NOT_FOUND",
    `cannot get ${collection}/${key}: there is none that you may read`,
  );
}

import { and, eq } from "drizzle-orm";
import { storageObjects } from "#shared/infra/db/schema/control.ts";
import { AppError } from "#shared/model/errors.ts";
import type { DeletedObject, DeleteObjectForInput } from "#shared/model/storage.ts";
import type { ServerDeps } from "../../deps.ts";
import { type Accessor, isObject } from "./object-row.ts";

/** Deletes an object, of the given version when there is one given. */
export async function deleteObject(
  { database: { orm } }: Pick<ServerDeps, "database">,
  accessor: Accessor,
  input: DeleteObjectForInput,
): Promise<DeletedObject> {
  const { collection, key, version } = input;
  const [deleted, [left]] = await orm.batch([
    orm
      .delete(storageObjects)
      .where(
        and(
          isObject(input),
          accessor === "service" ? undefined : eq(storageObjects.write, "owner"),
          version === undefined ? undefined : eq(storageObjects.version, version),
        ),
      )
      .returning({ key: storageObjects.key }),
    orm.select({ write: storageObjects.write }).from(storageObjects).where(isObject(input)),
  ]);
  if (deleted.length > 0) return { deleted: true };
  const cannot = `cannot delete ${collection}/${key}`;
  if (left === undefined) throw new AppError("NOT_FOUND", `${cannot}: there is none`);
  if (accessor !== "service" && left.write === "none") {
    throw new AppError("FORBIDDEN", `${cannot}: only the server may write it`);
  }
  throw new AppError("CONFLICT", `${cannot}: it is not of that version any more; read it again`);
}

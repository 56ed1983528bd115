import { type SQL, sql } from "drizzle-orm";
import { players, storageObjects } from "#shared/infra/db/schema/control.ts";
import { AppError, type AppErrorCode } from "#shared/model/errors.ts";
import type { PlayerId } from "#shared/model/ids.ts";
import {
  OBJECTS_LENGTH_MAX,
  type WriteObjectsForInput,
  type WrittenObjects,
} from "#shared/model/storage.ts";
import type { ServerDeps } from "../../deps.ts";
import type { Accessor } from "./object-row.ts";

interface Written {
  readonly playerId: PlayerId;
  readonly collection: string;
  readonly key: string;
  readonly version: string;
}

interface FaultRow {
  readonly position: number;
  readonly fault: keyof typeof faults;
}

const faults = {
  player: ["NOT_FOUND", "there is no such player"],
  rights: ["FORBIDDEN", "only the server may write it"],
  there: ["CONFLICT", "there is one already; read it, and write with its version"],
  version: ["CONFLICT", "it is not of that version any more; read it again, and write anew"],
  full: [
    "CONFLICT",
    `its player would have more than ${OBJECTS_LENGTH_MAX} objects; delete some first`,
  ],
} as const satisfies Record<string, readonly [AppErrorCode, string]>;

/**
 * Writes all objects or none. One statement decides and writes, so that of any number of writers
 * that know the same version exactly one succeeds; the next one, in the same transaction, says
 * what was in the way.
 */
export async function writeObjects(
  { database: { orm }, clock }: Pick<ServerDeps, "database" | "clock">,
  accessor: Accessor,
  { objects }: WriteObjectsForInput,
): Promise<WrittenObjects> {
  const asked = JSON.stringify(
    objects.map((object) => ({ ...object, value: JSON.stringify(object.value) })),
  );
  const judged = judge(asked, accessor);
  const nowMs = Math.trunc(clock.wallMs());
  const [written, [found]] = await orm.batch([
    orm.all<Written>(sql`${judged}
      INSERT INTO ${storageObjects} (player_id, collection, key, value, version, read, write,
        created_at_ms, updated_at_ms)
      SELECT player_id, collection, key, value, lower(hex(randomblob(8))), read, write,
        ${nowMs}, ${nowMs}
      FROM judged WHERE NOT EXISTS (SELECT 1 FROM judged WHERE fault IS NOT NULL)
      ON CONFLICT (player_id, collection, key) DO UPDATE SET value = excluded.value,
        version = excluded.version, read = excluded.read, write = excluded.write,
        updated_at_ms = excluded.updated_at_ms
      RETURNING player_id AS playerId, collection, key, version`),
    orm.all<FaultRow>(sql`${judged}
      SELECT position, fault FROM judged WHERE fault IS NOT NULL ORDER BY position LIMIT 1`),
  ]);
  if (written.length > 0) return { objects: sortAs(objects, written) };
  if (found === undefined) throw new Error("cannot write objects: nothing was in the way");
  const { collection, key } = objects[found.position] ?? { collection: "", key: "" };
  const [code, why] = faults[found.fault];
  const message = `cannot write ${collection}/${key} (objects.${found.position}): ${why}`;
  throw new AppError(code, message);
}

/** The table `judged`: what is asked, completed by what is there, each with what is in its way. */
function judge(asked: string, accessor: Accessor): SQL {
  const isPlayer = accessor === "service" ? 0 : 1;
  return sql`WITH asked AS (
      SELECT key AS position, value ->> 'playerId' AS player_id,
        value ->> 'collection' AS collection, value ->> 'key' AS key, value ->> 'value' AS value,
        value ->> 'version' AS wanted, value ->> 'read' AS read, value ->> 'write' AS write
      FROM json_each(${asked})
    ), found AS (
      SELECT asked.position, asked.player_id, asked.collection, asked.key, asked.value, wanted,
        coalesce(asked.read, there.read, 'owner') AS read,
        coalesce(asked.write, there.write, 'owner') AS write,
        there.version AS version, there.write AS write_before, owner.id AS owner_id
      FROM asked
        LEFT JOIN ${players} AS owner ON owner.id = asked.player_id
        LEFT JOIN ${storageObjects} AS there ON there.player_id = asked.player_id
          AND there.collection = asked.collection AND there.key = asked.key
    ), judged AS (
      SELECT *, CASE
        WHEN owner_id IS NULL THEN 'player'
        WHEN ${isPlayer} AND write_before = 'none' THEN 'rights'
        WHEN wanted = 'new' AND version IS NOT NULL THEN 'there'
        WHEN wanted <> 'new' AND wanted IS NOT version THEN 'version'
        WHEN version IS NULL AND ${OBJECTS_LENGTH_MAX} < (
          SELECT count(*) FROM ${storageObjects} AS kept WHERE kept.player_id = found.player_id
        ) + (
          SELECT count(*) FROM found AS other
          WHERE other.player_id = found.player_id AND other.version IS NULL
        ) THEN 'full'
      END AS fault FROM found
    )`;
}

/** RETURNING promises no order. */
function sortAs(
  objects: WriteObjectsForInput["objects"],
  written: readonly Written[],
): WrittenObjects["objects"] {
  const nameOf = ({ playerId, collection, key }: Omit<Written, "version">) =>
    `${playerId}/${collection}/${key}`;
  const byName = new Map(written.map((one) => [nameOf(one), one]));
  return objects.flatMap((object) => byName.get(nameOf(object)) ?? []);
}

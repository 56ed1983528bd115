import { shards } from "#shared/infra/db/schema/control.ts";
import type { Log } from "#shared/infra/log.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ControlDatabase } from "../../deps.ts";
import type { ShardRecord } from "./shard-registry.ts";

/** Keeps the last known state of a shard; placement itself lives from the bus. */
export function saveShard(
  deps: { database: ControlDatabase; clock: Clock; log: Log },
  record: ShardRecord,
): void {
  const { worldId, instance, address, phase, capacity, tickRate, startedAtMs, key } = record;
  const row = {
    worldId,
    regionId: record.region,
    instance,
    address,
    phase,
    capacity,
    tickRate,
    startedAtMs,
    seenAtMs: deps.clock.wallMs(),
  };
  deps.database.orm
    .insert(shards)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: shards.key, set: row })
    .catch((error) => deps.log.warning("cannot save the shard's state", { shard: key, error }));
}

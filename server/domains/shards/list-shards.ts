import { shards } from "#shared/infra/db/schema/control.ts";
import type { ListShardsInput, Shard, ShardList } from "#shared/model/shards.ts";
import type { ServerDeps } from "../../deps.ts";

/** All shards that are up, and those that once were as they were last heard of. */
export async function listShards(
  deps: Pick<ServerDeps, "database" | "shards">,
  { worldId }: ListShardsInput,
): Promise<ShardList> {
  const saved = await deps.database.orm.select().from(shards);
  const gone = saved.map(({ regionId, seenAtMs: _, startedAtMs, phase, ...row }): Shard => {
    const ended = phase === "stopped" ? phase : "silent";
    const startedAt = new Date(startedAtMs).toISOString();
    return { ...row, region: regionId, phase: ended, population: 0, startedAt };
  });
  const up = deps.shards.list().map(({ startedAtMs, ...record }): Shard => {
    return { ...record, startedAt: new Date(startedAtMs).toISOString() };
  });
  const byKey = new Map([...gone, ...up].map((shard) => [shard.key, shard]));
  const all = [...byKey.values()].filter((shard) => (worldId ?? shard.worldId) === shard.worldId);
  return { shards: all.sort((one, other) => (one.key < other.key ? -1 : 1)) };
}

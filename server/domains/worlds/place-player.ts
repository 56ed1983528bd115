import { and, eq } from "drizzle-orm";
import { TOPIC_SESSIONS } from "#shared/infra/bus/bus.ts";
import { placements } from "#shared/infra/db/schema/control.ts";
import type { PlayerId, RegionId, WorldId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import type { ShardRecord } from "./shard-registry.ts";

export interface PlacementRequest {
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  readonly region: RegionId | undefined;
}

/**
 * Picks the shard on which a player goes on, and remembers it. Each shard keeps its own state of a
 * player, so whoever was on one returns to it; one that has to go elsewhere is let go there.
 */
export async function placePlayer(
  deps: Pick<ServerDeps, "database" | "bus" | "clock" | "shards">,
  request: PlacementRequest,
): Promise<ShardRecord | "full" | undefined> {
  const { playerId, worldId, region } = request;
  const { orm } = deps.database;
  const [last] = await orm
    .select({ shardKey: placements.shardKey })
    .from(placements)
    .where(and(eq(placements.playerId, playerId), eq(placements.worldId, worldId)));
  const before = last?.shardKey;
  const shard = deps.shards.assign(worldId, { region, before });
  if (shard === undefined || shard === "full" || shard.key === before) return shard;
  const row = { shardKey: shard.key, placedAtMs: Math.trunc(deps.clock.wallMs()) };
  await orm
    .insert(placements)
    .values({ playerId, worldId, ...row })
    .onConflictDoUpdate({ target: [placements.playerId, placements.worldId], set: row });
  if (before !== undefined) {
    deps.bus.publish(TOPIC_SESSIONS, {
      case: "playerMoved",
      value: { playerId, shardKey: shard.key },
    });
  }
  return shard;
}

import type { BroadcastInput, ShardsTold } from "#shared/model/shards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertShardIsUp } from "./shard-up.ts";
import { tellShards } from "./tell-shards.ts";

/** Says something to all players of a shard, or of all. */
export async function sendBroadcast(
  deps: ServerDeps,
  actor: Actor,
  { message, shardKey }: BroadcastInput,
): Promise<ShardsTold> {
  if (shardKey !== undefined) assertShardIsUp(deps, shardKey);
  const keys = shardKey === undefined ? deps.shards.list().map(({ key }) => key) : [shardKey];
  const details = { shardKey: shardKey ?? null, message };
  await deps.audit.write(
    { event: "shard.announced", actorId: actor.playerId, targetId: null, details },
    ({ insert }) => insert(),
  );
  return tellShards(deps, keys, { case: "announce", value: { message } });
}

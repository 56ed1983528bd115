import type { ShardsTold, StopShardInput } from "#shared/model/shards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertAnswered, assertShardIsUp } from "./shard-up.ts";
import { tellShards } from "./tell-shards.ts";

/** Ends a shard's process in order; answers once it has begun to. */
export async function stopShard(
  deps: ServerDeps,
  actor: Actor,
  { shardKey, reason }: StopShardInput,
): Promise<ShardsTold> {
  assertShardIsUp(deps, shardKey);
  const details = { shardKey, reason };
  await deps.audit.write(
    { event: "shard.stopped", actorId: actor.playerId, targetId: null, details },
    ({ insert }) => insert(),
  );
  return assertAnswered(await tellShards(deps, [shardKey], { case: "stop", value: {} }));
}

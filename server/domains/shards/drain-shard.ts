import type { DrainShardInput, ShardsTold } from "#shared/model/shards.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { assertAnswered, assertShardIsUp } from "./shard-up.ts";
import { tellShards } from "./tell-shards.ts";

/** Sends no more players to a shard, or does so again; those who are there stay. */
export async function drainShard(
  deps: ServerDeps,
  actor: Actor,
  { shardKey, reason, draining }: DrainShardInput,
): Promise<ShardsTold> {
  assertShardIsUp(deps, shardKey);
  const event = draining ? "shard.drained" : "shard.opened";
  const details = { shardKey, reason };
  await deps.audit.write(
    { event, actorId: actor.playerId, targetId: null, details },
    ({ insert }) => insert(),
  );
  return assertAnswered(await tellShards(deps, [shardKey], { case: "drain", value: { draining } }));
}

import { AppError } from "#shared/model/errors.ts";
import type { ShardKey } from "#shared/model/ids.ts";
import type { ShardsTold } from "#shared/model/shards.ts";
import type { ServerDeps } from "../../deps.ts";

/** Throws NOT_FOUND unless the shard is up. */
export function assertShardIsUp({ shards }: Pick<ServerDeps, "shards">, shardKey: ShardKey): void {
  if (shards.list().some(({ key }) => key === shardKey)) return;
  throw new AppError(
    "NOT_FOUND",
    `cannot find shard ${shardKey} among those that are up; shards.list tells which there are`,
  );
}

/** Throws UNAVAILABLE when the one shard that was asked did not answer. */
export function assertAnswered(told: ShardsTold): ShardsTold {
  const [shardKey] = told.silent;
  if (shardKey === undefined) return told;
  throw new AppError(
    "UNAVAILABLE",
    `cannot tell whether shard ${shardKey} obeys: it did not answer; try again`,
    { retryAfterSeconds: 2 },
  );
}

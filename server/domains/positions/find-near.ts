import type { NearInput, NearPlayers } from "#shared/model/positions.ts";
import type { ServerDeps } from "../../deps.ts";

/** Of those found, some may have left since; so many more are looked for. */
const SPARE = 20;

/** Who is within a circle of a world, in each of its shards; at most as many as are wanted. */
export async function findNear(
  { presence, shards, positions }: Pick<ServerDeps, "presence" | "shards" | "positions">,
  { worldId, region, limit, ...circle }: NearInput,
): Promise<NearPlayers> {
  const asked = shards
    .list(worldId)
    .filter((shard) => region === undefined || shard.region === region);
  const wanted = { ...circle, limit: limit + SPARE };
  const found = await Promise.all(
    asked.map(async (shard) => {
      const near = await positions.near(shard.key, wanted);
      return near.map((position) => ({ ...position, shardKey: shard.key, region: shard.region }));
    }),
  );
  const players = found
    .flat()
    .filter(({ playerId, shardKey }) => presence.find(playerId)?.shardKey === shardKey)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, limit);
  return { players };
}

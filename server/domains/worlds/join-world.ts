import { AppError } from "#shared/model/errors.ts";
import type { JoinedWorld, JoinWorldInput } from "#shared/model/worlds.ts";
import type { Actor } from "../../context.ts";
import type { ServerDeps } from "../../deps.ts";
import { prepareEvent } from "../events/index.ts";
import { getWorld } from "./get-world.ts";
import { placePlayer } from "./place-player.ts";

/** Finds the caller a place in a world and gives the ticket for it. */
export async function joinWorld(
  deps: ServerDeps,
  actor: Actor,
  input: JoinWorldInput,
): Promise<JoinedWorld> {
  const { worldId, region } = input;
  const world = await getWorld(deps, { worldId });
  if (region !== undefined && !world.regions.some((one) => one.region === region)) {
    const known = world.regions.map((one) => one.region).join(", ");
    throw new AppError(
      "NOT_FOUND",
      `cannot join ${worldId} in ${region}: it does not run there; its regions are ${known}`,
    );
  }
  const shard = await placePlayer(deps, { playerId: actor.playerId, worldId, region });
  if (shard === undefined || shard === "full") {
    deps.metrics.joins.inc({ world: worldId, result: shard ?? "offline" });
    throw shard === undefined ? offline(worldId) : full(worldId);
  }
  deps.metrics.joins.inc({ world: worldId, result: "ok" });
  const { token, expiresAtMs } = await deps.tokens.issueTicket({
    playerId: actor.playerId,
    sessionId: actor.sessionId,
    name: actor.displayName,
    shardKey: shard.key,
  });
  const { playerId, displayName } = actor;
  await prepareEvent(deps, {
    ...{ type: "player.joined", playerId, worldId, region: shard.region, shardKey: shard.key },
    data: { displayName },
  });
  return {
    worldId,
    shardKey: shard.key,
    region: shard.region,
    address: shard.address,
    ticket: token,
    ticketExpiresAt: new Date(expiresAtMs).toISOString(),
  };
}

function offline(worldId: string): AppError {
  return new AppError(
    "WORLD_OFFLINE",
    `cannot join ${worldId}: the world is starting or away; try again in a moment`,
    { retryAfterSeconds: 1 },
  );
}

function full(worldId: string): AppError {
  return new AppError("WORLD_FULL", `cannot join ${worldId}: it is full; try again later`, {
    retryAfterSeconds: 10,
  });
}

import { AppError } from "#shared/model/errors.ts";
import type { GetWorldInput, World } from "#shared/model/worlds.ts";
import type { ServerDeps } from "../../deps.ts";
import { describeWorlds } from "./describe-worlds.ts";

/** One world. */
export async function getWorld(deps: ServerDeps, input: GetWorldInput): Promise<World> {
  const [world] = await describeWorlds(deps, input.worldId);
  if (world !== undefined) return world;
  throw new AppError(
    "NOT_FOUND",
    `cannot find world "${input.worldId}": there is none; worlds.list tells which there are`,
  );
}

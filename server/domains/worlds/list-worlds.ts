import type { WorldList } from "#shared/model/worlds.ts";
import type { ServerDeps } from "../../deps.ts";
import { describeWorlds } from "./describe-worlds.ts";

/** All worlds of the deployment. */
export async function listWorlds(deps: ServerDeps): Promise<WorldList> {
  return { worlds: await describeWorlds(deps) };
}

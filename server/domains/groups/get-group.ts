import type { Group, GroupInput } from "#shared/model/groups.ts";
import type { Actor } from "../../context.ts";
import { findGroup, type GroupDeps } from "./find-group.ts";
import { toGroup } from "./group-row.ts";

/** What everyone who may know of a group sees of it. */
export async function getGroup(
  deps: GroupDeps,
  { playerId }: Pick<Actor, "playerId">,
  { groupId }: GroupInput,
): Promise<Group> {
  return toGroup(await findGroup(deps, groupId, playerId));
}

import { rowOf, writeTexts } from "../../../kernel/entity-table.ts";
import type { ArenaRename } from "../messages.ts";
import type { ArenaWorld } from "../world.ts";

/** Gives a player another name; one who is not there (any more) is ignored. */
export function applyRename(world: ArenaWorld, { entity, name }: ArenaRename): void {
  const row = rowOf(world.players, entity);
  if (row === -1) return;
  writeTexts(world.players, row, { name });
}

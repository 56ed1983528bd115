import { rowOf, writeTexts } from "../../../kernel/entity-table.ts";
import { bagOf } from "../actions/reach.ts";
import { BlocksKind } from "../entities/kinds.ts";
import type { BlocksRename } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

/** Gives a player another name; one who is not there (any more) is ignored. */
export function applyRename(world: BlocksWorld, { entity, name }: BlocksRename): void {
  const row = rowOf(world.entities, entity);
  if (row === -1 || world.entities.columns.kind[row] !== BlocksKind.Player) return;
  writeTexts(world.bags, bagOf(world, row), { name });
}

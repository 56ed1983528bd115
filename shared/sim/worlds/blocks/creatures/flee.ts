import { rowOf } from "../../../kernel/entity-table.ts";
import type { BlocksWorld } from "../world.ts";
import { placeOfRow } from "./find.ts";
import { Mood } from "./mood.ts";
import { turnTo } from "./steer.ts";

/** Runs from whom it fears, while it does; false when it does not. */
export function flee(world: BlocksWorld, row: number): boolean {
  const { columns } = world.entities;
  if (columns.mood[row] !== Mood.Flee) return false;
  const from = rowOf(world.entities, columns.target[row] ?? 0);
  // From one who is gone it runs on as it did.
  if (from !== -1) turnTo(world, row, { ...placeOfRow(world, from), away: true });
  return true;
}

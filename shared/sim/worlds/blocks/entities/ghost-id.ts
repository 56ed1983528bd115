import { entityId, TABLE_CAPACITY_MAX } from "../../../kernel/entity-table.ts";

/** Players, people and animals of all other regions that can be shown at once. */
export const GHOST_SLOTS = 32_768;
/** Far beyond the rows that a land's table has: no ghost has the id of anybody who lives here. */
const GHOST_ROW_MIN = 1 << 19;

/** The id under which somebody of another region is shown; the world knows none of them. */
export function ghostId(slot: number, generation: number): number {
  return entityId(GHOST_ROW_MIN + slot, generation);
}

/** Whether an id can only be that of somebody of another region. */
export function isGhostId(id: number): boolean {
  const slot = (id & (TABLE_CAPACITY_MAX - 1)) - GHOST_ROW_MIN;
  return slot >= 0 && slot < GHOST_SLOTS;
}

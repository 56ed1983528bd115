import { Block, isBreakable, isPlaceable, placedLevelOf } from "#shared/sim/index.ts";
import type { Foresight } from "../client-world.ts";
import type { BlocksPlaceView, BlockView } from "./blocks-session-types.ts";
import type { BlocksTypes } from "./blocks-types.ts";

/** How far one builds, in hundredths of a block. */
const REACH = 500;

/**
 * What an action will make of a block, as far as a client can tell: undefined for an action that
 * changes none, and for one that will be refused as far as it can see.
 */
export function foreseenBlock({
  surroundings,
  own,
  action,
}: Foresight<BlocksTypes>): { place: BlocksPlaceView; block: BlockView } | undefined {
  if (action.case !== "buildPlace" && action.case !== "buildBreak") return undefined;
  const { place } = action;
  const { land, selfState } = surroundings;
  const before = land.block(place.x, place.y, place.layer);
  if (before === null || own === undefined || own.health === 0) return undefined;
  const [right, down] = [place.x * 100 + 50 - own.x, place.y * 100 + 50 - own.y];
  if (right * right + down * down > REACH * REACH) return undefined;
  if (action.case === "buildBreak") {
    // What takes several blows is not foreseen.
    if (!isBreakable(before.id) || before.id === Block.Stone || before.id === Block.Ore)
      return undefined;
    if (before.id === Block.Grass) return undefined;
    return { place, block: { id: Block.Air, level: 0 } };
  }
  const { item = 0, count = 0 } = selfState.inventory[action.slot] ?? {};
  if (before.id !== Block.Air || count === 0 || !isPlaceable(item)) return undefined;
  return { place, block: { id: item, level: placedLevelOf(item) } };
}

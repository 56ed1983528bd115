// Checks that several actions share.

import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { SLOTS } from "../constants.ts";
import { type Stack, stackIn } from "../entities/bags.ts";
import { middleOf } from "../entities/entities.ts";
import { isGhostId } from "../entities/ghost-id.ts";
import { isWithin } from "../entities/nearby.ts";
import { cellAt } from "../layout.ts";
import type { BlocksPlace } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

/** Cell of a place, or why it is out of the question. */
export function cellInReach(
  world: BlocksWorld,
  row: number,
  { place, reach }: { readonly place: BlocksPlace | undefined; readonly reach: number },
): { readonly cell: number } | { readonly reason: RejectionReason } {
  const cell = place === undefined ? -1 : cellAt(world.shape, place);
  if (place === undefined || cell === -1) return { reason: RejectionReason.INVALID };
  if (!isWithin(world, row, { ...middleOf(place), reach })) {
    return { reason: RejectionReason.TOO_FAR };
  }
  return { cell };
}

/** Row of another entity, or why it is out of the question. */
export function entityInReach(
  world: BlocksWorld,
  row: number,
  { entity, reach }: { readonly entity: number; readonly reach: number },
): { readonly target: number } | { readonly reason: RejectionReason } {
  const target = rowOf(world.entities, entity);
  if (target === row) return { reason: RejectionReason.INVALID };
  if (isGhostId(entity)) return { reason: RejectionReason.ELSEWHERE };
  if (target === -1) return { reason: RejectionReason.UNAVAILABLE };
  const { x, y } = world.entities.columns;
  const place = { x: x[target] ?? 0, y: y[target] ?? 0 };
  if (!isWithin(world, row, { ...place, reach })) return { reason: RejectionReason.TOO_FAR };
  return { target };
}

/** Row of a player's bag. */
export function bagOf(world: BlocksWorld, row: number): number {
  return (world.entities.columns.bag[row] ?? 0) - 1;
}

/** What a player has in a slot, or why that is out of the question. */
export function ownStack(
  world: BlocksWorld,
  row: number,
  slot: number,
): { readonly stack: Stack } | { readonly reason: RejectionReason } {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) {
    return { reason: RejectionReason.INVALID };
  }
  const stack = stackIn(world, bagOf(world, row), slot);
  return stack.count === 0 ? { reason: RejectionReason.UNAFFORDABLE } : { stack };
}

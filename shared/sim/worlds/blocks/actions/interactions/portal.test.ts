import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../../kernel/entity-table.ts";
import { Block } from "../../blocks/block-ids.ts";
import { LAYER_ACTIVE } from "../../constants.ts";
import { isDryLand } from "../../spawn.ts";
import { blockAt } from "../../testing/flat-world.ts";
import { act, createFlatWith, lyingItems } from "../../testing/inputs.ts";
import type { BlocksWorld } from "../../world.ts";

const PLACE = { x: 3, y: 2, layer: LAYER_ACTIVE };

function use(choice = 0) {
  const target = { case: "place" as const, value: PLACE };
  return { case: "interact" as const, value: { target, choice } };
}

/** Somebody far from the middle, with a portal. */
function createFar(): { world: BlocksWorld; me: number } {
  const { world, entities } = createFlatWith([{ x: 150, y: 250, slots: [Block.Portal, 1] }]);
  const me = entities[0] ?? 0;
  expect(act(world, me, { case: "buildPlace", value: { place: PLACE, slot: 0 } })).toBeNull();
  return { world, me };
}

function placeOfEntity({ entities }: BlocksWorld, entity: number): [number, number] {
  const row = rowOf(entities, entity);
  const { x, y } = entities.columns;
  return [Math.floor((x[row] ?? 0) / 100), Math.floor((y[row] ?? 0) / 100)];
}

test("a portal that somebody built takes whoever uses it to where players come to be", () => {
  const { world, me } = createFar();
  expect(act(world, me, use())).toBeNull();
  const [x, y] = placeOfEntity(world, me);
  expect(Math.max(Math.abs(x - 24), Math.abs(y - 24))).toBeLessThanOrEqual(8);
  expect(isDryLand(world, x, y)).toBe(true);
  expect(act(world, me, use())).toBe(RejectionReason.TOO_FAR);
});

test("it has no choices, and who built it has it back when it is dug", () => {
  const { world, me } = createFar();
  expect(act(world, me, use(1))).toBe(RejectionReason.INVALID);
  expect(act(world, me, { case: "buildBreak", value: { place: PLACE } })).toBeNull();
  expect(blockAt(world, PLACE.x, PLACE.y, LAYER_ACTIVE)).toEqual([Block.Air, 0]);
  expect(lyingItems(world)).toEqual([[Block.Portal, 1, PLACE.x, PLACE.y]]);
});

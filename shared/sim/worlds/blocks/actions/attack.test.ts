import { expect, test } from "bun:test";
import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { layItem } from "../entities/entities.ts";
import type { BlocksPlayer } from "../messages.ts";
import { act, createFlatWith, stepUntil } from "../testing/inputs.ts";
import type { BlocksWorld } from "../world.ts";

const at = (entity: number) => ({ case: "attack" as const, value: { entity } });

function healthOf(world: BlocksWorld, entity = 0): number | undefined {
  return world.entities.columns.health[rowOf(world.entities, entity)];
}

test("fault 6: a blow that does not kill takes 10 of the health, and is told of", () => {
  const { world, entities } = createFlatWith([{}, { x: 2250 }]);
  const [attacker = 0, target = 0] = entities;
  expect(act(world, attacker, at(target))).toBeNull();
  expect(healthOf(world, target)).toBe(90);
  expect(world.effects.hits).toEqual([{ attacker, target, damage: 10, x: 2250, y: 2050 }]);
  expect(world.effects.deaths).toEqual([]);
});

test("fault 6: a second blow within half a second is refused", () => {
  const { world, entities } = createFlatWith([{}, {}]);
  const [attacker = 0, target = 0] = entities;
  expect(act(world, attacker, at(target))).toBeNull();
  const tick = world.tick;
  for (let next = 1; next < 10; next++) {
    expect(act(world, attacker, at(target))).toBe(RejectionReason.COOLDOWN);
  }
  expect(world.tick - tick).toBe(9);
  expect(act(world, attacker, at(target))).toBeNull();
  expect(healthOf(world, target)).toBe(80);
});

test("fault 6: the dead do nothing but come back", () => {
  const { world, entities } = createFlatWith([{}, { health: 10 }]);
  const [attacker = 0, target = 0] = entities;
  expect(act(world, attacker, at(target))).toBeNull();
  expect(world.effects.deaths).toEqual([{ entity: target, killer: attacker, x: 2050, y: 2050 }]);
  expect(act(world, target, at(attacker))).toBe(RejectionReason.DEAD);
  expect(act(world, target, { case: "emote", value: { emote: 1 } })).toBe(RejectionReason.DEAD);
  stepUntil(world, 30);
  expect(act(world, attacker, at(target))).toBe(RejectionReason.UNAVAILABLE);
  expect(act(world, target, { case: "respawn", value: {} })).toBeNull();
  expect(healthOf(world, target)).toBe(100);
  expect(act(world, target, { case: "respawn", value: {} })).toBe(RejectionReason.ALIVE);
});

const REFUSED: readonly [string, Partial<BlocksPlayer>, number, RejectionReason][] = [
  ["oneself", {}, 0, RejectionReason.INVALID],
  ["one who is too far away", { x: 2251 }, 1, RejectionReason.TOO_FAR],
  ["one who is too far away at an angle", { x: 2200, y: 2200 }, 1, RejectionReason.TOO_FAR],
  ["nobody", {}, 5, RejectionReason.UNAVAILABLE],
];
test.each(REFUSED)("a blow at %s is refused", (_, other, target, reason) => {
  const { world, entities } = createFlatWith([{}, other]);
  expect(act(world, entities[0] ?? 0, at(entities[target] ?? 999))).toBe(reason);
  expect(world.effects.hits).toEqual([]);
});

test("what lies on the ground cannot be struck", () => {
  const { world, entities } = createFlatWith([{}]);
  const row = layItem(world, { x: 20, y: 20 }, { item: 1, count: 1 });
  const reason = act(world, entities[0] ?? 0, at(world.entities.ids[row] ?? 0));
  expect(reason).toBe(RejectionReason.INVALID);
});

import { expect, test } from "bun:test";
import { ARENA_PARAMETERS } from "../parameters.ts";
import { stepArena } from "../step.ts";
import { createArena } from "../world.ts";

test("a renamed player has the new name and is otherwise as before", () => {
  const world = createArena(ARENA_PARAMETERS, { capacity: 4 });
  const join = { playerId: "a", name: "A", restored: undefined };
  stepArena(world, [{ input: { case: "join", value: join } }]);
  const entity = world.effects.joined[0]?.entity ?? 0;
  stepArena(world, [{ input: { case: "rename", value: { entity, name: "B" } } }]);
  expect(world.players.columns.name[0]).toBe("B");
  expect(world.players.columns.playerId[0]).toBe("a");
});

test("a rename of someone who is gone changes nothing", () => {
  const world = createArena(ARENA_PARAMETERS, { capacity: 4 });
  stepArena(world, [{ input: { case: "rename", value: { entity: 1 << 20, name: "B" } } }]);
  expect(world.players.columns.name[0] ?? "").toBe("");
});

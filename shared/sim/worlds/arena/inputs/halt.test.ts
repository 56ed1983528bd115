import { expect, test } from "bun:test";
import { ARENA_PARAMETERS } from "../parameters.ts";
import { stepArena } from "../step.ts";
import { createArena } from "../world.ts";

test("a halted player stands still and keeps its sequence", () => {
  const world = createArena(ARENA_PARAMETERS, { capacity: 4 });
  const join = { playerId: "a", name: "A", restored: undefined };
  stepArena(world, [{ input: { case: "join", value: join } }]);
  const entity = world.effects.joined[0]?.entity ?? 0;
  const controls = { case: "controls" as const, value: { dx: 1, dy: 0 } };
  stepArena(world, [
    { input: { case: "command", value: { entity, sequence: 7, command: controls } } },
  ]);
  const moving = world.players.columns.x[0] ?? 0;
  stepArena(world, [{ input: { case: "halt", value: { entity } } }]);
  stepArena(world, []);
  expect(world.players.columns.x[0]).toBe(moving);
  expect(world.players.columns.sequence[0]).toBe(7);
});

test("a halt for someone who is gone changes nothing", () => {
  const world = createArena(ARENA_PARAMETERS, { capacity: 4 });
  stepArena(world, [{ input: { case: "halt", value: { entity: 1 << 20 } } }]);
  expect(world.players.population).toBe(0);
});

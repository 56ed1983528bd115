import { expect, test } from "bun:test";
import { spawnPlace } from "../spawn.ts";
import { stepArena } from "../step.ts";
import {
  attackInput,
  controlsInput,
  createArenaWith,
  joinInput,
  leaveInput,
  SOMEBODY,
} from "../testing/inputs.ts";

test("who leaves is gone, and what to keep of it is told once", () => {
  const lasting = { kills: 14, deaths: 15, score: 16, credits: 17 };
  const kept = { x: 11, y: 12, facingRight: false, health: 13, ...lasting };
  const { world, entities } = createArenaWith([{}, kept]);
  const entity = entities[1] ?? 0;
  stepArena(world, [leaveInput(entity)]);
  expect(world.effects.departed).toEqual([{ playerId: "player-1", entity, player: kept }]);
  expect(world.players.population).toBe(1);
  stepArena(world, [leaveInput(entity)]);
  expect(world.effects.departed).toEqual([]);
});

test("who comes back with what was kept is where it left, as another entity", () => {
  const { world, entities } = createArenaWith([{}]);
  const entity = entities[0] ?? 0;
  stepArena(world, [controlsInput(entity, 1, { dx: 1, dy: -1 })]);
  stepArena(world, [leaveInput(entity)]);
  const player = world.effects.departed[0]?.player;
  expect(player).toMatchObject({ x: 10_032, y: 9_968 });
  stepArena(world, [joinInput("player-0", player)]);
  expect(world.effects.joined[0]?.entity).not.toBe(entity);
  expect(world.effects.joined[0]?.returning).toBe(false);
  stepArena(world, [leaveInput(world.effects.joined[0]?.entity ?? 0)]);
  expect(world.effects.departed[0]?.player).toEqual({ ...SOMEBODY, x: 10_032, y: 9_968 });
});

test("who leaves dead is kept as it would have returned", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100, health: 20 }]);
  const [attacker = 0, target = 0] = entities;
  stepArena(world, [attackInput(attacker, 1)]);
  stepArena(world, [leaveInput(target)]);
  const place = spawnPlace(world, target, 92);
  expect(world.effects.departed[0]?.player).toEqual({
    ...SOMEBODY,
    ...place,
    health: 100,
    deaths: 1,
  });
});

test("an attacker who leaves in the same tick strikes nobody, nor does its successor", () => {
  const { world, entities } = createArenaWith([{}, { x: 10_100 }]);
  const entity = entities[0] ?? 0;
  stepArena(world, [
    attackInput(entity, 1),
    leaveInput(entity),
    joinInput("successor", { x: 10_050 }),
  ]);
  expect(world.players.columns.playerId[0]).toBe("successor");
  expect(world.effects.hits).toEqual([]);
});

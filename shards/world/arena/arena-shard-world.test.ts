import { expect, test } from "bun:test";
import { createArena, encodeArenaSnapshot } from "#shared/sim/index.ts";
import { arenaFactory } from "./arena-shard-world.ts";

const parameters = { width: 500, height: 500, tickRate: 30, cellSize: 64, seed: 1 };
const joinOf = (index: number) => {
  return { playerId: `player-${index}`, name: "Zoë", restored: undefined };
};

test("a shard of fewer players than the world has rows goes on with all of them", () => {
  const large = arenaFactory.create({ tickRate: 30, seed: 1, capacity: 20_000 });
  for (let index = 0; index < 17_000; index++) large.inputs.join(joinOf(index));
  large.step();
  const small = arenaFactory.restore(large.snapshot(), { tickRate: 30, seed: 1, capacity: 100 });
  expect(small.hash()).toBe(large.hash());
  large.inputs.join(joinOf(17_000));
  small.replay(large.step());
  expect(small.hash()).toBe(large.hash());
  small.inputs.join(joinOf(17_001));
  small.step();
  expect(small.effects.refused).toEqual([{ playerId: "player-17001" }]);
});

test("a replay without room for a player who was let in is refused", () => {
  const start = encodeArenaSnapshot(createArena(parameters, { capacity: 1 }));
  const options = { tickRate: 30, seed: 1 };
  const large = arenaFactory.restore(start, { ...options, capacity: 20_000 });
  for (let index = 0; index < 16_385; index++) large.inputs.join(joinOf(index));
  const inputs = large.step();
  const small = arenaFactory.restore(start, { ...options, capacity: 100 });
  expect(() => small.replay(inputs)).toThrow(
    "cannot replay tick 1: there is no room for player player-16384, who was let in; start the " +
      "shard with as many players as it had",
  );
});

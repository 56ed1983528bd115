import { expect, test } from "bun:test";
import { coresFigures, gatewaysFor } from "./cores-figures.ts";

const WANTED = { players: 10_000, tickRate: 30 };

function outcome(gatewayThreadPercent: number, loopThreadPercent: number, cuts = 0) {
  return {
    players: WANTED.players,
    cuts,
    tickLatenessMsP99: 1,
    ticksPerSecond: 30,
    framesPerClientPerSecond: 10,
    gatewayThreadPercent,
    loopThreadPercent,
  };
}

test.each([
  [2, []],
  [4, [1, 2]],
  [8, [1, 2, 4]],
  [16, [1, 2, 4, 8]],
])("of %d cores two are for the loop and the load generator", (cores, gateways) => {
  expect(gatewaysFor(cores)).toEqual(gateways);
});

test("the busiest gateway decides how well the work divides, the busiest thread what fits", () => {
  const outcomes = new Map([
    [1, outcome(60, 9)],
    [2, outcome(32, 9)],
    [4, outcome(16, 10)],
  ]);
  expect(coresFigures(outcomes, WANTED)).toMatchObject({
    gatewaysMost: 4,
    notHeld: 0,
    efficiency: 60 / 64,
    playersReckoned: 56_250,
    gatewayPercentWith2: 32,
    loopPercentWith4: 10,
  });
  outcomes.set(4, outcome(8, 45));
  expect(coresFigures(outcomes, WANTED).playersReckoned).toBe(20_000);
});

test("a number of gateways with which players were cut is told", () => {
  const outcomes = new Map([
    [1, outcome(60, 9)],
    [2, outcome(30, 9, 1)],
  ]);
  expect(coresFigures(outcomes, WANTED).notHeld).toBe(1);
});

import { expect, test } from "bun:test";
import { BlocksKind, createRandom } from "#shared/sim/index.ts";
import { BlocksGaits, GAIT, NO_GAIT, packTurn, TURN_AGE_MAX, unpackTurn } from "./blocks-turns.ts";

const EAST = 0;
const SOUTH_EAST = 1;

test("a turn comes back as it was, and a fresh one has four bytes on the wire", () => {
  const random = createRandom(3);
  for (let round = 0; round < 1_000; round++) {
    const turn = {
      x: random.below(1_600),
      y: random.below(1_600),
      facing: random.below(8),
      gait: random.below(4),
      age: random.below(TURN_AGE_MAX + 1),
    };
    const bits = packTurn(turn);
    const back = { x: 0, y: 0, facing: 0, gait: 0, age: 0 };
    unpackTurn(bits, back);
    expect(back).toEqual(turn);
    if (turn.age < 2) expect(bits).toBeLessThan(1 << 28);
  }
});

test.each([
  ["a full step east", EAST, { dx: 25, dy: 0 }, GAIT.walks],
  ["a step of a diagonal, which is 17 or 18", SOUTH_EAST, { dx: 17, dy: 18 }, GAIT.walks],
  ["a wall in the south", SOUTH_EAST, { dx: 18, dy: 0 }, GAIT.slidesX],
  ["less than a step to the wall in the east", SOUTH_EAST, { dx: 4, dy: 17 }, GAIT.slidesY],
  ["less than a step to a wall ahead", EAST, { dx: 9, dy: 0 }, GAIT.stands],
  ["no step", SOUTH_EAST, { dx: 0, dy: 0 }, GAIT.stands],
])("what one goes on to do after %s", (_, facing, moved, gait) => {
  expect(new BlocksGaits(20).gaitOf(BlocksKind.Player, facing, moved)).toBe(gait);
});

test("a gait has the velocity of its kind, and what does not walk has none", () => {
  const gaits = new BlocksGaits(20);
  const walks = { facing: SOUTH_EAST, gait: GAIT.walks };
  expect([gaits.vx(BlocksKind.Player, walks), gaits.vy(BlocksKind.Player, walks)]).toEqual([
    1130, 1130,
  ]);
  expect(gaits.vx(BlocksKind.Cow, { facing: EAST, gait: GAIT.walks })).toBe(480);
  expect(gaits.gaitOf(BlocksKind.Item, EAST, { dx: 3, dy: 0 })).toBe(NO_GAIT);
  expect(gaits.vx(99, walks)).toBe(0);
});

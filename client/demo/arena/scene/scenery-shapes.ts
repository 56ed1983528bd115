/** What grows and stands in and around the arena. */
import {
  ball,
  box,
  flat,
  join,
  lathe,
  moved,
  paint,
  pitched,
  type Shape,
  sheet,
  TINTED,
  yawed,
} from "../../scene/shapes.ts";

const BARK = paint("#6a4a35");
const STONE = paint("#a9a49c");
const STONE_DARK = paint("#7f7b78");
const GOLD = paint("#f2c14e");
const STEM = paint("#4f8f45");
const SHADED = paint("#c4ccbe", 1);

/** Kinds of scenery, in the order of `sceneryShapes`. */
export const SCENERY = {
  grass: 0,
  flower: 1,
  pebble: 2,
  mushroom: 3,
  pine: 4,
  oak: 5,
  bush: 6,
  rock: 7,
  wall: 8,
  pillar: 9,
} as const;

export function sceneryShapes(): readonly Shape[] {
  return [grass(), flower(), pebble(), mushroom(), pine(), oak(), bush(), rock(), wall(), pillar()];
}

function grass(): Shape {
  const blades = Array.from({ length: 4 }, (_, index) => {
    const height = 7 + (index % 3) * 2.4;
    const blade = sheet(
      [
        [-1.2, 0, 0],
        [1.2, 0, 0],
        [0.6, height, 0],
      ],
      TINTED,
    );
    return upward(yawed(moved(pitched(blade, 0.35), 0, 0, 1.4), index * 1.571));
  });
  return join(...blades);
}

function flower(): Shape {
  const petals = Array.from({ length: 5 }, (_, index) =>
    yawed(
      upward(
        flat(
          [
            [0, 8.2, 0],
            [-1.7, 8.9, 2.4],
            [0, 9, 4.6],
            [1.7, 8.9, 2.4],
          ],
          TINTED,
        ),
      ),
      index * 1.256,
    ),
  );
  const stem = sheet(
    [
      [-0.4, 0, 0],
      [0.4, 0, 0],
      [0.4, 8, 0],
      [-0.4, 8, 0],
    ],
    STEM,
  );
  return join(stem, moved(ball([1.3, 0.9, 1.3], GOLD, [5, 2]), 0, 8.8, 0), ...petals);
}

function pebble(): Shape {
  return moved(ball([4.2, 2.4, 3.4], STONE, [6, 3]), 0, 1, 0);
}

/** Lit as the ground is, whichever way it leans. */
function upward(shape: Shape): Shape {
  return { ...shape, normals: shape.normals.map((_, index) => (index % 3 === 1 ? 1 : 0)) };
}

function mushroom(): Shape {
  return join(
    lathe(
      [
        [1.6, 0, paint("#f3e9d8")],
        [1.2, 4.5, paint("#f3e9d8")],
        [4.4, 4.2, TINTED],
        [3.8, 6.4, TINTED],
        [0, 8, TINTED],
      ],
      7,
    ),
  );
}

function pine(): Shape {
  const tiers = [
    [24, 16, 26],
    [19, 34, 24],
    [13, 50, 24],
  ].map(([radius = 0, base = 0, height = 0]) =>
    lathe(
      [
        [radius, base - 3, SHADED],
        [radius * 0.42, base + height * 0.55, TINTED],
        [0, base + height, TINTED],
      ],
      7,
    ),
  );
  return join(moved(box([7, 18, 7], BARK, 0.7), 0, 9, 0), ...tiers);
}

function oak(): Shape {
  return join(
    moved(box([9, 34, 9], BARK, 0.6), 0, 17, 0),
    moved(ball([25, 20, 24], TINTED, [7, 4]), 0, 46, 0),
    moved(ball([17, 14, 16], TINTED, [7, 4]), 16, 36, 8),
    moved(ball([16, 13, 17], TINTED, [7, 4]), -15, 38, 6),
    moved(ball([15, 13, 15], TINTED, [7, 4]), 3, 60, -4),
  );
}

function bush(): Shape {
  return join(
    moved(ball([13, 10, 12], TINTED, [7, 4]), 0, 7, 0),
    moved(ball([9, 8, 9], TINTED, [6, 4]), 11, 5, 4),
    moved(ball([8, 7, 8], TINTED, [6, 4]), -10, 5, 3),
  );
}

function rock(): Shape {
  return join(
    moved(ball([15, 12, 13], STONE_DARK, [6, 4]), 0, 5, 0),
    moved(ball([9, 7, 8], STONE, [6, 4]), 11, 3, 6),
  );
}

/** Fifty units of a low wall along x. */
function wall(): Shape {
  const blocks = [-17, 0, 17].map((x, index) =>
    moved(box([15.6, 11 + index * 0.7, 10], index === 1 ? STONE_DARK : STONE, 0.94), x, 5.4, 0),
  );
  return join(...blocks, moved(box([50, 2.6, 12], paint("#c6beb0")), 0, 11.8, 0));
}

/** A pillar with a crystal that takes the instance's colour. */
function pillar(): Shape {
  return join(
    moved(box([19, 6, 19], STONE_DARK), 0, 3, 0),
    moved(box([13, 30, 13], STONE, 0.86), 0, 20, 0),
    moved(box([17, 4, 17], paint("#c6beb0")), 0, 36, 0),
    lathe(
      [
        [0, 39, TINTED],
        [5.5, 46, TINTED],
        [4, 51, TINTED],
        [0, 58, TINTED],
      ],
      6,
    ),
  );
}

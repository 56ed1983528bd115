/** Animals as solids, in units; each looks along +z and stands at the origin. */
import { BlocksKind } from "#shared/sim/index.ts";
import {
  ball,
  box,
  join,
  lathe,
  moved,
  paint,
  pitched,
  rolled,
  type Shape,
} from "../../scene/shapes.ts";

const DARK = paint("#2b2329");
const WHITE = paint("#f6f1e6");
const BROWN = paint("#8a5a38");
const PINK = paint("#f0a8a4");
const PINK_DARK = paint("#d98482");
const WOOL = paint("#f4efe2");
const WOOL_SHADE = paint("#ddd3c0");
const FACE = paint("#4a3f45");
const BAY = paint("#9a6238");
const MANE = paint("#3d2a22");
const BEAK = paint("#f2b13c");
const COMB = paint("#d6453d");
const HORN = paint("#d9cfb8");
const HOOF = paint("#4b3c33");

/** An animal in parts that move on their own. */
export interface AnimalShape {
  readonly body: Shape;
  /** Around the neck's end, which is its origin. */
  readonly head: Shape;
  /** From the hip, which is its origin, down. */
  readonly leg: Shape;
  readonly neck: { readonly y: number; readonly z: number };
  /** Where legs begin; two for a bird. */
  readonly hips: readonly (readonly [x: number, y: number, z: number])[];
  /** Units over which a step goes, which makes small ones trip along. */
  readonly pace: number;
}

/** By kind. */
export const ANIMALS: ReadonlyMap<number, AnimalShape> = new Map([
  [BlocksKind.Cow, cow()],
  [BlocksKind.Sheep, sheep()],
  [BlocksKind.Chicken, chicken()],
  [BlocksKind.Pig, pig()],
  [BlocksKind.Horse, horse()],
]);

function cow(): AnimalShape {
  const patch = (x: number, y: number, z: number) => moved(ball([5, 5, 6], BROWN, [7, 4]), x, y, z);
  return {
    body: join(
      moved(ball([9.4, 8.6, 15], WHITE, [9, 6]), 0, 18, 0),
      patch(5.6, 21.5, -5),
      patch(-5.4, 20.5, 4),
      patch(1.5, 22.6, 7),
      moved(ball([3.4, 2, 3], PINK, [6, 3]), 0, 10, -5),
      moved(pitched(box([1.2, 11, 1.2], BROWN), 0.3), 0, 15, -15.4),
    ),
    head: join(
      moved(ball([5.2, 5.4, 6.4], WHITE, [8, 5]), 0, 1, 4),
      moved(ball([4.2, 3.2, 3], PINK, [7, 4]), 0, -1.6, 9),
      moved(ball([4, 3, 3.4], BROWN, [6, 4]), 0, 4, 2.4),
      ...both((side) =>
        moved(rolled(box([1.4, 5, 1.4], HORN, 0.4), side * -0.5), side * 4.4, 6.5, 2),
      ),
      ...both((side) => moved(ball([3, 1.2, 1.8], BROWN, [6, 3]), side * 6.6, 3, 2)),
      ...eyes(3.6, 2.4, 8.2),
    ),
    leg: join(
      moved(box([3.8, 10, 3.8], WHITE), 0, -5, 0),
      moved(box([4.2, 2.6, 4.4], HOOF), 0, -10.6, 0),
    ),
    neck: { y: 22, z: 12 },
    hips: four(5.2, 12, 8.5),
    pace: 20,
  };
}

function sheep(): AnimalShape {
  const curl = (x: number, y: number, z: number, size: number) =>
    moved(ball([size, size * 0.9, size], (x + z) % 2 === 0 ? WOOL : WOOL_SHADE, [7, 4]), x, y, z);
  return {
    body: join(
      moved(ball([8.6, 8, 11.5], WOOL, [9, 5]), 0, 15.5, 0),
      curl(5, 19, 5, 5.2),
      curl(-5, 19, 4, 5),
      curl(4.4, 19.4, -5, 5.2),
      curl(-4.6, 19, -5, 5.4),
      curl(0, 21, 0, 6),
      curl(0, 18, -10, 4.6),
      curl(0, 17, 9, 5.4),
    ),
    head: join(
      moved(ball([4, 4.4, 5.4], FACE, [8, 5]), 0, 0.6, 3.4),
      moved(ball([4.4, 3, 4], WOOL, [7, 4]), 0, 4.2, 1.4),
      ...both((side) => moved(ball([3, 1.2, 1.6], FACE, [6, 3]), side * 5.4, 1.6, 1.6)),
      ...both((side) => moved(ball([0.9, 1.1, 0.5], WHITE, [5, 3]), side * 2.6, 1.8, 7.6)),
    ),
    leg: moved(box([3, 10, 3], FACE), 0, -5, 0),
    neck: { y: 19, z: 10.5 },
    hips: four(4.6, 10, 6.6),
    pace: 17,
  };
}

function chicken(): AnimalShape {
  return {
    body: join(
      moved(ball([5, 5, 6.4], WHITE, [8, 5]), 0, 9, 0),
      moved(pitched(ball([3.2, 4.6, 3], WHITE, [6, 4]), -0.6), 0, 12, -5.6),
      ...both((side) => moved(ball([1.3, 3.2, 4.2], WOOL_SHADE, [6, 4]), side * 4.8, 9.4, -0.6)),
    ),
    head: join(
      moved(ball([2.9, 3.4, 2.9], WHITE, [7, 4]), 0, 2.4, 1),
      moved(
        pitched(
          lathe(
            [
              [1.4, 0, BEAK],
              [0, 3.2, BEAK],
            ],
            5,
          ),
          Math.PI / 2,
        ),
        0,
        2.2,
        3.4,
      ),
      moved(box([1.1, 2.4, 3.4], COMB, 0.6), 0, 6, 0.6),
      moved(box([1.2, 2, 1], COMB), 0, -0.2, 3.4),
      ...eyes(2, 3, 3),
    ),
    leg: join(
      moved(box([1, 4.6, 1], BEAK), 0, -2.3, 0),
      moved(box([2.6, 0.8, 3.2], BEAK), 0, -4.4, 0.8),
    ),
    neck: { y: 12.4, z: 4 },
    hips: [
      [2, 4.8, 0],
      [-2, 4.8, 0],
    ],
    pace: 9,
  };
}

function pig(): AnimalShape {
  return {
    body: join(
      moved(ball([8.4, 7.6, 12], PINK, [9, 5]), 0, 13.4, 0),
      moved(rolled(box([1, 4, 1], PINK_DARK), 0.7), 0, 15.4, -12),
    ),
    head: join(
      moved(ball([5.6, 5.4, 5.4], PINK, [8, 5]), 0, 0.6, 3),
      moved(
        pitched(
          lathe(
            [
              [2.9, 0, PINK_DARK],
              [2.6, 2.6, PINK_DARK],
              [0, 2.7, PINK_DARK],
            ],
            8,
          ),
          Math.PI / 2,
        ),
        0,
        -0.6,
        7,
      ),
      ...both((side) =>
        moved(rolled(box([3.6, 4.2, 1.2], PINK_DARK, 0.3), side * 0.4), side * 4, 5.4, 3),
      ),
      ...eyes(3, 2.2, 7.4),
    ),
    leg: join(
      moved(box([3.6, 6, 3.6], PINK), 0, -3, 0),
      moved(box([3.8, 1.8, 3.8], HOOF), 0, -6.6, 0),
    ),
    neck: { y: 15, z: 9.5 },
    hips: four(4.4, 8, 7),
    pace: 15,
  };
}

function horse(): AnimalShape {
  return {
    body: join(
      moved(ball([7.6, 8, 15], BAY, [9, 6]), 0, 24, 0),
      moved(pitched(box([5.4, 16, 7.4], BAY, 0.8), 0.55), 0, 33, 13.4),
      moved(pitched(box([1.8, 17, 3.4], MANE), 0.55), 0, 35, 9.6),
      moved(pitched(ball([2.6, 9.5, 2.6], MANE, [6, 4]), -0.35), 0, 20, -16),
    ),
    head: join(
      moved(pitched(box([4.8, 12.6, 5.4], BAY, 0.92), 1.25), 0, 0.4, 5),
      moved(ball([2.7, 2.6, 2.6], MANE, [6, 4]), 0, -1.6, 10.6),
      moved(box([1.6, 4.6, 3.6], MANE), 0, 4.4, 0),
      ...both((side) => moved(box([1.5, 4, 1.4], BAY, 0.3), side * 2, 5.4, 0.6)),
      ...eyes(2.5, 1.6, 5.6),
    ),
    leg: join(
      moved(box([3.4, 15, 3.6], BAY, 1.1), 0, -7.5, 0),
      moved(box([3.9, 3, 4.2], MANE), 0, -16.2, 0),
    ),
    neck: { y: 40.5, z: 17 },
    hips: four(4.4, 18, 9.6),
    pace: 26,
  };
}

function four(x: number, y: number, z: number): AnimalShape["hips"] {
  return [
    [x, y, z],
    [-x, y, z],
    [x, y, -z],
    [-x, y, -z],
  ];
}

function both(make: (side: 1 | -1) => Shape): Shape[] {
  return [make(1), make(-1)];
}

function eyes(x: number, y: number, z: number): Shape[] {
  return both((side) => moved(ball([0.9, 1.3, 0.7], DARK, [5, 3]), side * x, y, z));
}

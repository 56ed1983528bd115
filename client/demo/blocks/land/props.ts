/** Small solids that stand in a block: trunks, crowns, chests, doors, flowers. */
import { hashNoise } from "../../scene/noise.ts";
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
  TINTED,
  yawed,
} from "../../scene/shapes.ts";

const BARK = paint("#7a5636");
const BARK_DARK = paint("#5d4029");
const GOLD = paint("#f0c24c");
const IRON = paint("#7c8490");
const CHEST = paint("#a8703a");
const CHEST_LID = paint("#c08347");
const DOOR = paint("#9a6232");
const DOOR_BAND = paint("#6f4422");
const CACTUS = paint("#4f9a55");
const CACTUS_LIGHT = paint("#74b96c");
const STEM = paint("#5f9a3e");
const WHITE = paint("#fbf8ee");

/** Looks that trees and flowers come in. */
export const VARIANTS = 4;

/** A trunk with roots that reaches up into its crown. */
export const trunks: readonly Shape[] = variants((variant) =>
  yawed(
    join(
      lathe(
        [
          [8.4 - variant * 0.5, 0, BARK_DARK],
          [5.4, 7, BARK],
          [4.6, 24, BARK],
          [4.2, 44, BARK],
        ],
        6,
      ),
      moved(rolled(box([3, 12, 3], BARK), -0.9), 5, 30, 1),
    ),
    variant * 1.7,
  ),
);

/** Leaves above a trunk; tinted. */
export const crowns: readonly Shape[] = variants((variant) => {
  const pick = (salt: number) => hashNoise(71, variant, salt);
  const leaf = (size: number) => rough(ball([size, size * 0.82, size], TINTED, [8, 5]), variant);
  const parts = [moved(leaf(19 + pick(1) * 3), 0, 56, 0)];
  for (let index = 0; index < 3; index += 1) {
    const angle = pick(index + 10) * 2 + index * 2.1;
    const away = 10 + pick(index + 20) * 4;
    const height = 46 + pick(index + 30) * 10;
    parts.push(
      moved(
        leaf(12 + pick(index + 40) * 4),
        Math.sin(angle) * away,
        height,
        Math.cos(angle) * away,
      ),
    );
  }
  return join(...parts);
});

/** The lower part of a cactus, with arms on some. */
export const cacti: readonly Shape[] = variants((variant) => {
  const arm = join(
    moved(rolled(column(3.6, 11), Math.PI / 2), 4, 0, 0),
    moved(column(3.6, 13), -9, 0, 0),
  );
  const parts = [column(7.2, 40)];
  if (variant % 2 === 0) parts.push(moved(arm, -3, 14, 0));
  if (variant > 1) parts.push(moved(yawed(arm, Math.PI), 3, 20, 0));
  return yawed(join(...parts), variant * 0.4 - 0.5);
});

/** What a cactus reaches up to. */
export const cactusTops: readonly Shape[] = variants((variant) => {
  const top = moved(ball([7.2, 8, 7.2], CACTUS, [8, 4]), 0, 41, 0);
  const bloom = moved(ball([3.4, 2.6, 3.4], paint("#f27fa6"), [6, 3]), 1, 49, 0);
  return variant % 2 === 0 ? join(top, bloom) : top;
});

/** Three flowers on a block; the petals are tinted. */
export const flowers: readonly Shape[] = variants((variant) => {
  const parts: Shape[] = [];
  for (let index = 0; index < 4; index += 1) {
    const x = (hashNoise(31, variant, index) - 0.5) * 22;
    const z = (hashNoise(37, variant, index) - 0.5) * 22;
    const height = 7 + hashNoise(41, variant, index) * 5;
    parts.push(
      moved(box([0.9, height, 0.9], STEM), x, height / 2, z),
      moved(ball([3, 1.6, 3], index === 2 ? WHITE : TINTED, [6, 2]), x, height, z),
      moved(ball([1.2, 1.3, 1.2], GOLD, [5, 2]), x, height + 1, z),
      moved(rolled(box([5, 0.8, 2], STEM), 0.5), x + 2, 2.4, z),
    );
  }
  return join(...parts);
});

/** A chest that looks at the camera. */
export const chest: Shape = join(
  moved(box([25, 12, 18], CHEST), 0, 6, 0),
  moved(box([26, 7, 19], CHEST_LID, 0.82), 0, 15, 0),
  moved(box([27, 1.6, 20], IRON), 0, 11.8, 0),
  moved(box([2.4, 19, 19.6], IRON, 0.96), -9, 9.6, 0),
  moved(box([2.4, 19, 19.6], IRON, 0.96), 9, 9.6, 0),
  moved(box([5, 6, 2], GOLD), 0, 11.5, 10),
);

/** A door across the x axis, closed. */
export const closedDoor: Shape = join(
  moved(box([30, 34, 5], DOOR), 0, 17, 0),
  moved(box([31, 2.4, 6], DOOR_BAND), 0, 8, 0),
  moved(box([31, 2.4, 6], DOOR_BAND), 0, 26, 0),
  moved(box([2, 34, 5.6], DOOR_BAND), -5, 17, 0),
  moved(box([2, 34, 5.6], DOOR_BAND), 5, 17, 0),
  moved(ball([1.8, 1.8, 1.8], GOLD, [6, 4]), 11, 16, 3.6),
  moved(ball([1.8, 1.8, 1.8], GOLD, [6, 4]), 11, 16, -3.6),
);

/** The same, swung out of the way. */
export const openDoor: Shape = moved(yawed(closedDoor, Math.PI / 2), -13.4, 0, 0);

/** Something that shines; tinted. */
export const gem: Shape = join(
  moved(box([26, 3, 26], IRON), 0, 1.5, 0),
  moved(pitched(yawed(box([13, 22, 13], TINTED, 0.3), 0.6), 0.1), 0, 17, 0),
);

function variants(make: (variant: number) => Shape): readonly Shape[] {
  return Array.from({ length: VARIANTS }, (_, variant) => make(variant));
}

/** An upright piece of cactus with lighter ribs. */
function column(radius: number, height: number): Shape {
  const ribs = [0.4, 1.6, 2.8].map((angle) =>
    moved(
      box([1, height - 2, 1], CACTUS_LIGHT),
      Math.sin(angle - 1.2) * radius,
      height / 2,
      Math.cos(angle - 1.2) * radius,
    ),
  );
  const body = lathe(
    [
      [radius, 0, CACTUS],
      [radius, height - radius * 0.5, CACTUS],
      [0, height, CACTUS],
    ],
    8,
  );
  return join(body, ...ribs);
}

/** The same with dents, as leaves have. */
function rough(shape: Shape, seed: number): Shape {
  const positions = shape.positions.map((value, index) => {
    const corner = Math.floor(index / 3) * 3;
    const key = [0, 1, 2].map((axis) => Math.round((shape.positions[corner + axis] ?? 0) * 4));
    const [x = 0, y = 0, z = 0] = key;
    return value * (0.86 + hashNoise(seed + 5, x * 31 + y, z * 17 + y) * 0.28);
  });
  return { ...shape, positions };
}

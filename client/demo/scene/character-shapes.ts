/**
 * The solids that a player is made of, in units; a player is about 46 tall and looks along +z.
 * `detail` is 1 for all corners, less for machines that count triangles.
 */
import {
  ball,
  box,
  flat,
  join,
  lathe,
  moved,
  type Paint,
  paint,
  pitched,
  rolled,
  type Shape,
  sheet,
  TINTED,
  yawed,
} from "./shapes.ts";

const DARK = paint("#2c2430");
const LEATHER = paint("#6b4630");
const GOLD = paint("#f2c14e");
const STEEL = paint("#cfd8e3");
const SHADE = paint("#8f9bab");
const WOOD = paint("#8a5a36");
const WHITE = paint("#fdfdf8");
const DEEP_TINT = paint("#b8b8c8", 1);

/** Tunic, belt and shoulders; tinted in the player's colour. */
export function bodyShape(detail: number): Shape {
  return join(
    lathe(
      [
        [9.3, 4, TINTED],
        [8.3, 11, LEATHER],
        [8.2, 13.4, TINTED],
        [8.2, 18, TINTED],
        [4.5, 23.2, DEEP_TINT],
      ],
      sides(9, detail),
    ),
    flat(
      [
        [-2, 10.4, 8.7],
        [2, 10.4, 8.7],
        [2, 14, 8.7],
        [-2, 14, 8.7],
      ],
      GOLD,
    ),
    // A short cape shows the back, and with it the facing.
    sheet(
      [
        [6, 21.5, -5.5],
        [-6, 21.5, -5.5],
        [-8.5, 6, -12.5],
        [8.5, 6, -12.5],
      ],
      DEEP_TINT,
    ),
  );
}

/** Head with eyes; tinted in the skin's colour. */
export function headShape(detail: number): Shape {
  const eye = pitched(oval(1.35, 2.2, DARK), -0.03);
  const glint = oval(0.5, 0.65, WHITE);
  return moved(
    join(
      ball([9.6, 9, 9.2], TINTED, rings(12, 7, detail)),
      moved(yawed(eye, -0.36), -3.4, 0.5, 9.05),
      moved(yawed(eye, 0.36), 3.4, 0.5, 9.05),
      moved(glint, -3.05, 1.4, 9.45),
      moved(glint, 3.75, 1.4, 9.3),
    ),
    0,
    sides(4, detail),
  );
}

/** A mitten; tinted in the skin's colour. */
export function handShape(detail: number): Shape {
  return ball([3.4, 3.4, 3.4], TINTED, rings(6, 4, detail));
}

/** A boot. */
export function footShape(detail: number): Shape {
  return moved(ball([3.7, 3, 5.2], LEATHER, rings(6, 4, detail)), 0, 0.2, 0.8);
}

/** Body and head in few triangles, for the shadow. */
export function shadowShape(detail: number): Shape {
  return join(
    lathe(
      [
        [9.3, 0, TINTED],
        [8.3, 14, TINTED],
        [3, 23, TINTED],
      ],
      sides(7, detail),
    ),
    moved(ball([10.4, 9.6, 10], TINTED, rings(7, 4, detail)), 0, 32),
  );
}

/** Any weapon's shadow. */
export function weaponShadowShape(): Shape {
  return moved(box([4, 30, 4], TINTED), 0, 11);
}

/** A flat oval that looks along +z. */
function oval(width: number, height: number, colour: Paint): Shape {
  const corners = Array.from({ length: 6 }, (_, index) => {
    const angle = (index / 6) * Math.PI * 2;
    return [Math.cos(angle) * width, Math.sin(angle) * height, 0] as const;
  });
  return flat(corners, colour);
}

/** Head gear by `CharacterLook.hat`; hair is tinted in the hair's colour, gear in the player's. */
export function hatShapes(detail: number): readonly Shape[] {
  return [helm, wizardHat, hair, horned, hood, crown].map((hat) =>
    moved(pitched(hat(detail), -0.32), 0, 5, -1.2),
  );
}

/** Hats that take the hair's colour. */
export const HAIR_HATS: ReadonlySet<number> = new Set([2, 5]);

/** Weapons by `CharacterLook.weapon`: the grip at the origin, the business end along +y. */
export function weaponShapes(): readonly Shape[] {
  return [sword(), axe(), hammer()];
}

/** Corners around, fewer with less detail. */
function sides(count: number, detail: number): number {
  return Math.max(5, Math.round(count * detail));
}

function rings(around: number, up: number, detail: number): readonly [number, number] {
  return [Math.max(4, Math.round(around * detail)), Math.max(2, Math.round(up * detail))];
}

function dome(radius: number, colour: Paint, detail: number): Shape {
  const from = 0.12;
  const steps = detail < 1 ? 2 : 3;
  const profile = Array.from({ length: steps + 1 }, (_, index) => {
    const angle = from + ((Math.PI / 2 - from) * index) / steps;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius, colour] as const;
  });
  return lathe(profile, sides(11, detail));
}

function helm(detail: number): Shape {
  return join(
    dome(10.3, STEEL, detail),
    lathe(
      [
        [10.3, 0.6, SHADE],
        [10.9, 1.4, SHADE],
        [10.4, 3, SHADE],
      ],
      sides(10, detail),
    ),
    moved(box([1.8, 6, 1.6], SHADE), 0, 1, 10),
    moved(pitched(ball([1.8, 3.2, 7], TINTED, rings(6, 4, detail)), -0.25), 0, 12.4, -2.4),
  );
}

function wizardHat(detail: number): Shape {
  return moved(
    pitched(
      join(
        lathe(
          [
            [0, 0, DEEP_TINT],
            [14.5, 0.4, TINTED],
            [9.6, 2, GOLD],
            [9, 4.2, TINTED],
            [5, 12, TINTED],
            [2.4, 18, TINTED],
            [0, 21, TINTED],
          ],
          sides(10, detail),
        ),
        moved(ball([2, 2, 2], GOLD, rings(6, 3, detail)), 0, 21, 0),
      ),
      0.14,
    ),
    0,
    4.2,
    -1.2,
  );
}

function hair(detail: number): Shape {
  const lock = ball([4.2, 3.4, 4.6], TINTED, rings(6, 4, detail));
  return join(
    moved(pitched(dome(10, TINTED, detail), -0.3), 0, 0.6, -0.8),
    moved(lock, -5, 7.2, 4.2),
    moved(lock, 0.5, 8.6, 4.6),
    moved(lock, 5.2, 7, 3.6),
    moved(ball([6.4, 7, 4], TINTED, rings(8, 4, detail)), 0, -1.5, -6.6),
  );
}

function horned(detail: number): Shape {
  const horn = lathe(
    [
      [2.6, 0, WHITE],
      [2, 4, WHITE],
      [1, 8, WHITE],
      [0, 10.5, WHITE],
    ],
    sides(6, detail),
  );
  return join(
    dome(10.2, TINTED, detail),
    lathe(
      [
        [10.2, 0.8, GOLD],
        [10.8, 1.8, GOLD],
        [10.2, 3, GOLD],
      ],
      sides(10, detail),
    ),
    moved(rolled(horn, -0.75), 8.2, 5, 0),
    moved(rolled(horn, 0.75), -8.2, 5, 0),
  );
}

function hood(detail: number): Shape {
  return join(
    moved(pitched(dome(10.9, TINTED, detail), -0.5), 0, 0, -1),
    moved(pitched(ball([3, 3, 6], TINTED, rings(6, 4, detail)), 0.5), 0, 7, -8),
  );
}

function crown(detail: number): Shape {
  const points = Array.from({ length: 7 }, (_, index) => {
    const spike = moved(box([2.6, 5, 1.1], GOLD, 0.15), 0, 10.2, 7.2);
    return yawed(spike, (index / 7) * Math.PI * 2);
  });
  const band = lathe(
    [
      [7.4, 5.4, GOLD],
      [7.8, 8.4, GOLD],
      [7, 8.4, GOLD],
    ],
    sides(10, detail),
  );
  return join(moved(pitched(dome(9.9, TINTED, detail), -0.25), 0, 0.5, -0.6), band, ...points);
}

function sword(): Shape {
  return join(
    moved(box([1.6, 7, 1.6], LEATHER), 0, 0, 0),
    moved(box([8, 1.6, 2.2], GOLD), 0, 4, 0),
    moved(box([3.2, 19, 1.1], STEEL), 0, 14, 0),
    moved(box([3.2, 4.4, 1.1], WHITE, 0.05), 0, 25.7, 0),
  );
}

function axe(): Shape {
  const blade = moved(rolled(box([11, 7.5, 1.4], STEEL, 0.35), -Math.PI / 2), 4.4, 19, 0);
  return join(
    moved(box([1.9, 30, 1.9], WOOD), 0, 9, 0),
    blade,
    moved(rolled(box([7, 4, 1.4], SHADE, 0.5), Math.PI / 2), -2.6, 19, 0),
  );
}

function hammer(): Shape {
  return join(
    moved(box([2, 26, 2], WOOD), 0, 7, 0),
    moved(box([11, 6.5, 6.5], SHADE), 0, 20, 0),
    moved(box([1.6, 7.4, 7.4], GOLD), 5.2, 20, 0),
    moved(box([1.6, 7.4, 7.4], GOLD), -5.2, 20, 0),
  );
}

/** Small solids from numbers: everything that stands in the arena is built from these. */

/** Red, green, blue in 0..1, and how far an instance's own colour tints it. */
export type Paint = readonly [red: number, green: number, blue: number, tint: number];

/** A mesh in the making: flat lists, as the graphics card wants them. */
export interface Shape {
  readonly positions: number[];
  readonly normals: number[];
  readonly paints: number[];
  readonly indices: number[];
}

/** White that takes the instance's colour whole. */
export const TINTED: Paint = [1, 1, 1, 1];

/** `#rrggbb` to a paint. */
export function paint(colour: string, tint = 0): Paint {
  const value = Number.parseInt(colour.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255, tint];
}

/** One shape of several. */
export function join(...shapes: readonly Shape[]): Shape {
  const joined = empty();
  for (const shape of shapes) {
    const first = joined.positions.length / 3;
    joined.positions.push(...shape.positions);
    joined.normals.push(...shape.normals);
    joined.paints.push(...shape.paints);
    for (const index of shape.indices) joined.indices.push(first + index);
  }
  return joined;
}

/** The shape moved. */
export function moved(shape: Shape, x: number, y: number, z = 0): Shape {
  const offset = [x, y, z];
  const positions = shape.positions.map((value, index) => value + (offset[index % 3] ?? 0));
  return { ...shape, positions };
}

/** The shape turned about the x axis, in radians: y goes toward z. */
export function pitched(shape: Shape, angle: number): Shape {
  return turned(shape, angle, [1, 2]);
}

/** The shape turned about the z axis, in radians: x goes toward y. */
export function rolled(shape: Shape, angle: number): Shape {
  return turned(shape, angle, [0, 1]);
}

/** The shape turned about the y axis, in radians: z goes toward x. */
export function yawed(shape: Shape, angle: number): Shape {
  return turned(shape, angle, [2, 0]);
}

/**
 * A solid of revolution about the y axis. The profile goes from the bottom up: radius, height and
 * the paint of the band that starts there.
 */
export function lathe(
  profile: readonly (readonly [radius: number, height: number, paint: Paint])[],
  sides: number,
): Shape {
  const shape = empty();
  for (let index = 0; index + 1 < profile.length; index += 1) {
    const lower = profile[index];
    const upper = profile[index + 1];
    if (lower === undefined || upper === undefined) break;
    const slopeLength = Math.hypot(upper[1] - lower[1], lower[0] - upper[0]) || 1;
    const outward = (upper[1] - lower[1]) / slopeLength;
    const upward = (lower[0] - upper[0]) / slopeLength;
    const first = shape.positions.length / 3;
    for (let side = 0; side <= sides; side += 1) {
      const angle = (side / sides) * Math.PI * 2;
      const sine = Math.sin(angle);
      const cosine = Math.cos(angle);
      for (const [radius, height] of [lower, upper]) {
        shape.positions.push(sine * radius, height, cosine * radius);
        shape.normals.push(sine * outward, upward, cosine * outward);
        shape.paints.push(...lower[2]);
      }
    }
    addStrip(shape, { first, sides, pointed: [lower[0] === 0, upper[0] === 0] });
  }
  return shape;
}

/** An ellipsoid at the origin with smooth normals. */
export function ball(
  radii: readonly [x: number, y: number, z: number],
  colour: Paint,
  detail: readonly [sides: number, rings: number],
): Shape {
  const shape = empty();
  const [sides, rings] = detail;
  for (let ring = 0; ring <= rings; ring += 1) {
    const polar = (ring / rings) * Math.PI;
    for (let side = 0; side <= sides; side += 1) {
      const angle = (side / sides) * Math.PI * 2;
      const x = Math.sin(polar) * Math.sin(angle);
      const y = -Math.cos(polar);
      const z = Math.sin(polar) * Math.cos(angle);
      shape.positions.push(x * radii[0], y * radii[1], z * radii[2]);
      const length = Math.hypot(x / radii[0], y / radii[1], z / radii[2]);
      shape.normals.push(x / radii[0] / length, y / radii[1] / length, z / radii[2] / length);
      shape.paints.push(...colour);
    }
  }
  for (let ring = 0; ring < rings; ring += 1) {
    for (let side = 0; side < sides; side += 1) {
      const a = ring * (sides + 1) + side;
      const b = a + sides + 1;
      // At the poles one of the two triangles has no area.
      if (ring > 0) shape.indices.push(a, a + 1, b);
      if (ring + 1 < rings) shape.indices.push(b, a + 1, b + 1);
    }
  }
  return shape;
}

/** A box with its middle at the origin; `taper` narrows its top. */
export function box(
  size: readonly [x: number, y: number, z: number],
  colour: Paint,
  taper = 1,
): Shape {
  const [x, y, z] = [size[0] / 2, size[1] / 2, size[2] / 2];
  const [tx, tz] = [x * taper, z * taper];
  const corners: readonly (readonly [number, number, number])[] = [
    [-x, -y, z],
    [x, -y, z],
    [tx, y, tz],
    [-tx, y, tz],
    [-x, -y, -z],
    [x, -y, -z],
    [tx, y, -tz],
    [-tx, y, -tz],
  ];
  const faces = [
    [0, 1, 2, 3],
    [5, 4, 7, 6],
    [1, 5, 6, 2],
    [4, 0, 3, 7],
    [3, 2, 6, 7],
    [4, 5, 1, 0],
  ];
  return join(
    ...faces.map((face) =>
      flat(
        face.map((index) => corners[index] ?? [0, 0, 0]),
        colour,
      ),
    ),
  );
}

/** A flat convex polygon, seen from the side on which its corners go round against the clock. */
export function flat(
  corners: readonly (readonly [x: number, y: number, z: number])[],
  colour: Paint,
): Shape {
  const shape = empty();
  const [a, b, c] = corners;
  if (a === undefined || b === undefined || c === undefined) return shape;
  const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]] as const;
  const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]] as const;
  const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...n) || 1;
  for (const corner of corners) {
    shape.positions.push(...corner);
    shape.normals.push(...n.map((value) => value / length));
    shape.paints.push(...colour);
  }
  for (let index = 2; index < corners.length; index += 1) shape.indices.push(0, index - 1, index);
  return shape;
}

/** The polygon from both sides, lit alike. */
export function sheet(
  corners: readonly (readonly [x: number, y: number, z: number])[],
  colour: Paint,
): Shape {
  const front = flat(corners, colour);
  const back = flat([...corners].reverse(), colour);
  return join(front, { ...back, normals: front.normals });
}

function empty(): Shape {
  return { positions: [], normals: [], paints: [], indices: [] };
}

function addStrip(
  shape: Shape,
  strip: { first: number; sides: number; pointed: readonly [below: boolean, above: boolean] },
): void {
  for (let side = 0; side < strip.sides; side += 1) {
    const a = strip.first + side * 2;
    if (!strip.pointed[0]) shape.indices.push(a, a + 2, a + 1);
    if (!strip.pointed[1]) shape.indices.push(a + 1, a + 2, a + 3);
  }
}

function turned(shape: Shape, angle: number, axes: readonly [number, number]): Shape {
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  function turn(values: readonly number[]): number[] {
    const out = [...values];
    for (let index = 0; index < out.length; index += 3) {
      const u = values[index + axes[0]] ?? 0;
      const v = values[index + axes[1]] ?? 0;
      out[index + axes[0]] = u * cosine - v * sine;
      out[index + axes[1]] = u * sine + v * cosine;
    }
    return out;
  }
  return { ...shape, positions: turn(shape.positions), normals: turn(shape.normals) };
}

/** The camera's place, and how much of the world it shows: pure numbers. */

/** Degrees from the bottom of the picture to its top. */
export const FIELD_OF_VIEW = 30;
/** Radians between the ground and the line of sight. */
export const ELEVATION = 0.94;
/** What the shard accepts, in units. */
export const VIEWPORT_WIDTH = { min: 200, max: 1600 } as const;
export const VIEWPORT_HEIGHT = { min: 200, max: 1200 } as const;
/** Units: the square root of the area seen around the player, whatever the window's shape. */
const SIGHT = 500;
/** Units beyond the picture's edge whose tall things reach into it. */
const MARGIN = 50;

export interface CameraView {
  /** Units from the player to the camera. */
  readonly distance: number;
  /** Units of the world around the player that the shard should send. */
  readonly viewport: { readonly width: number; readonly height: number };
}

/** The camera for a window of this shape (width / height). */
export function cameraView(aspect: number): CameraView {
  const tangent = Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
  const wanted = SIGHT / (2 * tangent * Math.sqrt(aspect));
  const ground = visibleGround(aspect);
  // What is seen may not be more than what the shard sends.
  const most = Math.min(
    (VIEWPORT_WIDTH.max - 2 * MARGIN) / ground.width,
    (VIEWPORT_HEIGHT.max - 2 * MARGIN) / ground.height,
  );
  const distance = Math.min(wanted, most);
  return {
    distance,
    viewport: {
      width: bounded(ground.width * distance + 2 * MARGIN, VIEWPORT_WIDTH),
      height: bounded(ground.height * distance + 2 * MARGIN, VIEWPORT_HEIGHT),
    },
  };
}

/**
 * Size of the rectangle around the looked-at point that holds all ground in the picture, for a
 * camera one unit away: the rays through the picture's upper and lower edge, met with the ground.
 */
export function visibleGround(aspect: number): { width: number; height: number } {
  const half = (FIELD_OF_VIEW * Math.PI) / 360;
  const height = Math.sin(ELEVATION);
  const away = Math.cos(ELEVATION);
  const far = height / Math.tan(ELEVATION - half) - away;
  const near = away - height / Math.tan(ELEVATION + half);
  // Depth along the line of sight of the far edge's points decides how wide they spread.
  const depth = 1 + far * Math.cos(ELEVATION);
  const halfWidth = depth * Math.tan(half) * aspect;
  return { width: 2 * halfWidth, height: 2 * Math.max(far, near) };
}

/**
 * Where the ray through a point of the picture meets the ground, relative to the looked-at point.
 * The point goes from -1 to 1, right and up.
 */
export function groundOffset(
  distance: number,
  point: { x: number; y: number; aspect: number },
): { x: number; y: number } {
  const tangent = Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
  const sine = Math.sin(ELEVATION);
  const cosine = Math.cos(ELEVATION);
  const across = point.x * tangent * point.aspect;
  const up = point.y * tangent;
  // Down and away parts of a ray that goes one unit along the line of sight.
  const down = sine - up * cosine;
  const away = cosine + up * sine;
  const length = (sine * distance) / Math.max(0.05, down);
  return { x: across * length, y: cosine * distance - away * length };
}

function bounded(value: number, range: { min: number; max: number }): number {
  return Math.round(Math.max(range.min, Math.min(range.max, value)));
}

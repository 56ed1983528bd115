/** The camera's place, and how much of the world it shows: pure numbers. */

/** Degrees from the bottom of the picture to its top. */
export const FIELD_OF_VIEW = 30;
/** Radians between the ground and the line of sight. */
export const ELEVATION = 0.86;
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
  /** The part of the ground that is in the picture. */
  readonly ground: VisibleGround;
}

/** A trapezium around the looked-at point, in units. */
export interface VisibleGround {
  readonly far: number;
  readonly near: number;
  readonly farHalfWidth: number;
  readonly nearHalfWidth: number;
}

/** The camera for a window of this shape (width / height). */
export function cameraView(aspect: number, sight = SIGHT): CameraView {
  const wanted = sight / (2 * tangentOfView() * Math.sqrt(aspect));
  const one = visibleGround(1, aspect);
  // What is seen may not be more than what the shard sends.
  const most = Math.min(
    (VIEWPORT_WIDTH.max - 2 * MARGIN) / (2 * one.farHalfWidth),
    (VIEWPORT_HEIGHT.max - 2 * MARGIN) / (2 * Math.max(one.far, one.near)),
  );
  const distance = Math.min(wanted, most);
  const ground = visibleGround(distance, aspect);
  return {
    distance,
    ground,
    viewport: {
      width: bounded(2 * (ground.farHalfWidth + MARGIN), VIEWPORT_WIDTH),
      height: bounded(2 * (Math.max(ground.far, ground.near) + MARGIN), VIEWPORT_HEIGHT),
    },
  };
}

/** Where the rays through the picture's corners meet the ground. */
function visibleGround(distance: number, aspect: number): VisibleGround {
  const far = groundOffset(distance, { x: 1, y: 1, aspect });
  const near = groundOffset(distance, { x: 1, y: -1, aspect });
  return { far: -far.y, near: near.y, farHalfWidth: far.x, nearHalfWidth: near.x };
}

/** Whether a place, relative to the looked-at point, is in the picture or within `margin` of it. */
export function isVisible(ground: VisibleGround, x: number, y: number, margin: number): boolean {
  if (y < -ground.far - margin || y > ground.near + margin) return false;
  const depth = (y + ground.far) / (ground.near + ground.far);
  const half = ground.farHalfWidth + (ground.nearHalfWidth - ground.farHalfWidth) * depth;
  return Math.abs(x) <= half + margin;
}

/**
 * Where the ray through a point of the picture meets the ground, relative to the looked-at point.
 * The point goes from -1 to 1, right and up.
 */
export function groundOffset(
  distance: number,
  point: { x: number; y: number; aspect: number },
): { x: number; y: number } {
  const tangent = tangentOfView();
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

function tangentOfView(): number {
  return Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
}

function bounded(value: number, range: { min: number; max: number }): number {
  return Math.round(Math.max(range.min, Math.min(range.max, value)));
}

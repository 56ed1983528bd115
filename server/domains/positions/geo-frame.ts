// How a flat world lies on Redis' globe.
//
// Redis indexes longitude and latitude on a sphere, latitude up to 85.05° only, as two numbers of
// 26 bits, and measures great circles. A world (x and y; layers stand above each other and are no
// coordinate) is a square of 2° around longitude 0 on the equator. There a degree is as long in
// both directions within cos 1° = 0.99985, so what Redis measures is right within 0.02 %, and the
// nearest by its reckoning are the nearest. What comes back is the middle of a field of the index:
// 360°/2²⁶ wide, of 2°, so x is right within 1.4 millionths of the world's side, and y within half
// of that. In a world of 32,768 blocks that is a twentieth of a block.

/** Degrees that a world takes. */
const SPAN_DEGREES = 2;
/** Redis' Earth (geohash_helper.c). */
const EARTH_METRES = 6_372_797.560856;
const METRES_PER_DEGREE = (EARTH_METRES * Math.PI) / 180;

/** Largest error of a coordinate that went through the index, as a part of the world's side. */
export const GEO_ERROR = 360 / 2 ** 26 / SPAN_DEGREES / 2;
/** Largest error of a distance by Redis' reckoning, as a part of it. */
const GEO_DISTORTION = 0.0002;

export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** Where a position lies on the globe; one beyond the world's edge lies on the edge. */
export function toGeo({ x, y }: { x: number; y: number }, side: number): GeoPoint {
  const part = (value: number) => Math.min(1, Math.max(0, value / side)) - 0.5;
  return { longitude: part(x) * SPAN_DEGREES, latitude: part(y) * SPAN_DEGREES };
}

/** The other way round. */
export function fromGeo({ longitude, latitude }: GeoPoint, side: number): { x: number; y: number } {
  const at = (degrees: number) => (degrees / SPAN_DEGREES + 0.5) * side;
  return { x: at(longitude), y: at(latitude) };
}

/** Metres on the globe in which all lie that are within `radius`, and hardly any more. */
export function toMetres(radius: number, side: number): number {
  const degrees = ((radius + 2 * GEO_ERROR * side) / side) * SPAN_DEGREES;
  return degrees * METRES_PER_DEGREE * (1 + GEO_DISTORTION);
}

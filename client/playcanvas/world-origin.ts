/** Where the world stands in the scene: keeps scene coordinates small wherever one goes. */

/** Units that may lie between the followed point and the origin before the scene is moved. */
export const ORIGIN_DISTANCE_MAX = 512;
/** Origins lie on multiples of this, so that moving the scene moves it by whole units. */
const ORIGIN_STEP = 256;

/**
 * Maps the world's units to the scene: x stays x, the world's y (down the map) becomes z.
 * Single-precision floats lose what the eye sees far from zero, so the origin follows the camera.
 */
export class WorldOrigin {
  #x = 0;
  #y = 0;

  /** Units of the world that lie at the scene's zero. */
  get x(): number {
    return this.#x;
  }

  get y(): number {
    return this.#y;
  }

  /** Moves the origin when the point is far from it; true when it has moved. */
  follow(x: number, y: number): boolean {
    const far = Math.max(Math.abs(x - this.#x), Math.abs(y - this.#y));
    if (far <= ORIGIN_DISTANCE_MAX) return false;
    this.#x = Math.round(x / ORIGIN_STEP) * ORIGIN_STEP;
    this.#y = Math.round(y / ORIGIN_STEP) * ORIGIN_STEP;
    return true;
  }

  sceneX(x: number): number {
    return x - this.#x;
  }

  sceneZ(y: number): number {
    return y - this.#y;
  }

  worldX(sceneX: number): number {
    return sceneX + this.#x;
  }

  worldY(sceneZ: number): number {
    return sceneZ + this.#y;
  }
}

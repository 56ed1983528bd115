/** The line of sight through a point of the window, down to the ground. */
import { ELEVATION, groundOffset } from "../../scene/camera-rig.ts";

/** Where it is at any height; units of the world. */
export interface SightLine {
  at(height: number): { readonly x: number; readonly y: number };
}

/** The point goes from -1 to 1, right and up; `x` and `y` are what the camera looks at. */
export function sightLine(
  camera: { readonly x: number; readonly y: number; readonly distance: number },
  point: { readonly x: number; readonly y: number; readonly aspect: number },
): SightLine {
  const offset = groundOffset(camera.distance, point);
  const ground = { x: camera.x + offset.x, y: camera.y + offset.y };
  const eyeY = camera.y + Math.cos(ELEVATION) * camera.distance;
  const eyeHeight = Math.sin(ELEVATION) * camera.distance;
  return {
    at(height) {
      const part = height / eyeHeight;
      return {
        x: ground.x + (camera.x - ground.x) * part,
        y: ground.y + (eyeY - ground.y) * part,
      };
    },
  };
}

/** Numbers that rise from wounds. */
import type { ScreenOverlay } from "../../playcanvas/index.ts";
import { NUMBER_SECONDS, type WoundNumber } from "./effects.ts";

/** Draws the numbers over the scene. */
export function drawNumbers(overlay: ScreenOverlay, numbers: readonly WoundNumber[]): void {
  const { context } = overlay;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const number of numbers) {
    const t = number.seconds / NUMBER_SECONDS;
    const point = overlay.project(number.x, number.y, number.z);
    if (point.z < 0 || !overlay.shows(point.x, point.y, 40)) continue;
    const size = 17 + 12 * Math.max(0, 1 - t * 6);
    context.globalAlpha = Math.min(1, (1 - t) * 2.5);
    context.font = `800 ${size}px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif`;
    context.lineWidth = 4;
    context.strokeStyle = "rgba(30, 8, 12, 0.85)";
    context.strokeText(number.text, point.x, point.y);
    context.fillStyle = number.mine ? "#ff7a6b" : "#ffe08a";
    context.fillText(number.text, point.x, point.y);
  }
  context.globalAlpha = 1;
}

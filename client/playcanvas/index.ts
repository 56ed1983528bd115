/** PlayCanvas binding: shows a session's players in a scene, with names and a debug overlay. */
export { ByteRate, type DebuggedSession, debugLines } from "./debug-lines.ts";
export { DebugOverlay } from "./debug-overlay.ts";
export { healthColour, NameLabels } from "./name-labels.ts";
export { ScreenOverlay } from "./screen-overlay.ts";
export { type BoundEntity, type BoundSession, SessionBinding } from "./session-binding.ts";
export { ORIGIN_DISTANCE_MAX, WorldOrigin } from "./world-origin.ts";

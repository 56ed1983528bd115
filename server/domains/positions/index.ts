/** Where players are: what other rooms of the server need of it. */
export { MemoryPositionIndex } from "./memory-position-index.ts";
export type { PositionIndex } from "./position-index.ts";
export { PositionWatch } from "./position-watch.ts";

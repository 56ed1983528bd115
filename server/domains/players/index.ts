/** Who plays: what other domains may ask about players. */
export { findPlayerByUsername, type PlayerRow, toPlayer } from "./player-row.ts";

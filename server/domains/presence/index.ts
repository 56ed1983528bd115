/** Who is where: what other domains may ask. */
export { LastSeen } from "./last-seen.ts";
export { PresenceBook } from "./presence-book.ts";

/** Who is where: what other domains may ask. */
export { PresenceBook } from "./presence-book.ts";

/** Shards, and what staff asks of them. */
export { tellShards } from "./tell-shards.ts";

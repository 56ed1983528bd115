/** Which process owns which shard, and since when. */
export { createLeaseClock } from "./lease-clock.ts";
export { LeaseEpochs } from "./lease-epochs.ts";

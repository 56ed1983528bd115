/** Path of the hold (database-hold.ts) on the ports of servers and shards. */
export const HOLD_PATH = "/hold";

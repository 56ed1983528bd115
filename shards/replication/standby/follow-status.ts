/** How a standby's following goes. */
export type FollowState =
  /** It has not yet got a whole state. */
  | "starting"
  /** It re-simulates the owner's ticks as they come. */
  | "following"
  /** The replica is empty, or is being filled. */
  | "waiting"
  | "unreachable"
  /** The token is refused. */
  | "denied"
  /** The replica holds another shard, or another life of this one. */
  | "foreign"
  /** Another version of Tessera writes it. */
  | "version"
  /** The replica has less than this standby has seen of it. */
  | "stale"
  /** The replica holds what its owner never wrote. */
  | "damaged"
  /** The same inputs led to another state here. */
  | "diverged";

export const FOLLOW_STATES: readonly FollowState[] = [
  "starting",
  "following",
  "waiting",
  "unreachable",
  "denied",
  "foreign",
  "version",
  "stale",
  "damaged",
  "diverged",
];

/** States in which what was followed may not be the owner's world. */
const UNSOUND: readonly FollowState[] = ["starting", "diverged", "foreign"];

/** Whether nobody may go on from what was followed. */
export function isUnsound(state: FollowState): boolean {
  return UNSOUND.includes(state);
}

/** States in which the standby falls behind until somebody does something. */
export function isFollowTrouble(state: FollowState): boolean {
  return !["starting", "following"].includes(state);
}

/** What a follower tells of itself. */
export interface FollowStatus {
  state: FollowState;
  /** For the log: what is the matter, and what to do about it. */
  text: string;
}

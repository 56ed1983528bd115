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
  "stale",
  "damaged",
  "diverged",
];

/** What a follower tells of itself. */
export interface FollowStatus {
  state: FollowState;
  /** For the log: what is the matter, and what to do about it. */
  text: string;
}

/** Where a shard's database is shipped to. */
export interface ShipPlace {
  url: string;
  token: string | undefined;
}

/** How the shipping of a shard's database goes. */
export type ShipState =
  /** No server is configured. */
  | "off"
  | "connecting"
  /** What is committed is in the replica within a moment. */
  | "shipping"
  /** The replica is being filled from a snapshot. */
  | "filling"
  /** Nobody answers; what is to be shipped waits in the shard's own journal. */
  | "unreachable"
  /** The token is refused. */
  | "denied"
  /** What is there belongs to another shard, or to another life of this one. */
  | "foreign"
  /** Another version of Tessera made it. */
  | "newer"
  /** A later owner of this shard has written to it. */
  | "fenced"
  /** The server refuses for another reason. */
  | "failing";

export const SHIP_STATES: readonly ShipState[] = [
  "off",
  "connecting",
  "shipping",
  "filling",
  "unreachable",
  "denied",
  "foreign",
  "newer",
  "fenced",
  "failing",
];

/** What the shipper tells of itself, at each change and after each batch. */
export interface ShipStatus {
  state: ShipState;
  /** Last tick that the replica has; 0 while that is not known. */
  shippedTick: number;
  /** Names the replica's present filling; empty while that is not known. */
  generation: string;
  /** For the log: what happened, and what to do where something is to be done. */
  text: string;
}

/** States in which the replica falls behind until somebody does something. */
export function isTrouble(state: ShipState): boolean {
  return !["off", "connecting", "shipping", "filling"].includes(state);
}

import type { RejectionReason } from "#proto/frame_pb.ts";
import type { BlocksWorld } from "../../world.ts";

/** What is used, and what of it. */
export interface Used {
  /** A cell, or the row of a person. */
  readonly on: number;
  /** `BlocksInteract.choice`. */
  readonly choice: number;
}

/** What a door, a chest or a person does when a player uses it; `row` is the player's. */
export interface Interaction {
  check(world: BlocksWorld, row: number, used: Used): RejectionReason | null;
  apply(world: BlocksWorld, row: number, used: Used): void;
}

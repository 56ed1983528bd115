import type { RejectionReason } from "#proto/frame_pb.ts";

/** One deliberate action of a player; `row` is the player's and always holds an entity. */
export interface ActionRule<World, Value> {
  /** Why the action is refused now, or null when it may be applied; changes nothing. */
  check(world: World, row: number, value: Value): RejectionReason | null;
  /** Does it; only called right after `check` has returned null. */
  apply(world: World, row: number, value: Value): void;
}

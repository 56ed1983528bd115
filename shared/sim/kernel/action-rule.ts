import type { RejectionReason } from "#proto/frame_pb.ts";

/** One deliberate action of a player; `row` is the player's and always holds an entity. */
export interface ActionRule<World, Value> {
  /**
   * True for an action that changes what lasts: it carries an id, is done once however often it is
   * sent, and its outcome, good or bad, is told once that is in the shard's database.
   */
  readonly durable: boolean;
  /** Why the action is refused now, or null when it may be applied; changes nothing. */
  check(world: World, row: number, value: Value): RejectionReason | null;
  /** Does it; only called right after `check` has returned null. */
  apply(world: World, row: number, value: Value): void;
}

import type { BlocksWorld } from "../world.ts";

/** How one kind of creature lives. */
export interface CreatureBehaviour {
  /** When its mood is over: what it turns to. */
  decide(world: BlocksWorld, row: number): void;
  /** Five times a second: looks around, and after its mood. */
  look(world: BlocksWorld, row: number): void;
}

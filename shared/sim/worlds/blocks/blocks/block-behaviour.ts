import type { BlocksWorld } from "../world.ts";

/** What digging did to a block. */
export interface Dug {
  /** Whether the block is another one now. */
  readonly broken: boolean;
  /** Item that falls out of it; 0 for none. */
  readonly drop: number;
}

/** How one kind of block behaves; what is left out, it does not do. */
export interface BlockBehaviour {
  /** Level of a block that was just placed. */
  readonly placedLevel?: number;
  /** Once in the tick after it, or a neighbour, changed. */
  update?(world: BlocksWorld, cell: number): void;
  /** Right after somebody placed it. */
  placed?(world: BlocksWorld, cell: number): void;
  /** Right before somebody takes it away. */
  removed?(world: BlocksWorld, cell: number): void;
  /** Instead of breaking at the first blow. */
  dig?(world: BlocksWorld, cell: number, strength: number): Dug;
}

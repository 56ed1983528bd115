import type { BlocksAction } from "#proto/blocks_pb.ts";
import type { Tick } from "#proto/frame_pb.ts";
import type { BlocksParameters, BlocksSelf } from "#shared/sim/index.ts";
import type { CommandOf } from "../client-world.ts";
import type { HeldControls } from "../controls.ts";
import type {
  BlocksDurableAction,
  BlocksSelfState,
  BlocksSessionEvent,
  BlocksSessionEvents,
} from "./blocks-session-types.ts";
import type { BlocksTrack } from "./blocks-track.ts";
import type { Land } from "./land.ts";

/** The types of a world of blocks. */
export interface BlocksTypes {
  parameters: BlocksParameters;
  frame: Tick;
  self: BlocksSelf;
  controls: HeldControls;
  action: BlocksAction;
  durable: BlocksDurableAction;
  event: BlocksSessionEvent;
  events: BlocksSessionEvents;
  surroundings: BlocksAround;
}

/** What is around a player of a world of blocks, and what the player has. */
export interface BlocksAround {
  readonly land: Land;
  /** Everyone in sight, and who was a moment ago. */
  readonly tracks: Map<number, BlocksTrack>;
  readonly selfState: BlocksSelfState;
  /** A player's name; empty while it is not known. */
  nameOf(entity: number): string;
}

/** Something that a player does in a world of blocks. */
export type BlocksCommand = CommandOf<BlocksTypes>;

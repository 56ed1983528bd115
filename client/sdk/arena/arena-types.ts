import type { ArenaAction } from "#proto/arena_pb.ts";
import type { TickFrame } from "#shared/net/tick-frame.ts";
import type { ArenaParameters, ArenaSelf } from "#shared/sim/index.ts";
import type { EntityStore } from "../../interpolation/entity-store.ts";
import type { CommandOf } from "../client-world.ts";
import type { HeldControls } from "../controls.ts";
import type { ArenaSessionEvent, DurableAction, SessionEvents } from "../session-types.ts";

/** The types of an arena. */
export interface ArenaTypes {
  parameters: ArenaParameters;
  frame: TickFrame;
  self: ArenaSelf;
  controls: HeldControls;
  action: ArenaAction;
  durable: DurableAction;
  event: ArenaSessionEvent;
  events: SessionEvents;
  surroundings: { readonly others: EntityStore };
}

/** Something that a player does in an arena. */
export type ArenaCommand = CommandOf<ArenaTypes>;

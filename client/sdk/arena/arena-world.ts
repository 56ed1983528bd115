import { create } from "@bufbuild/protobuf";
import { type ArenaAction, ArenaActionSchema } from "#proto/arena_pb.ts";
import { VIEWPORT_DEFAULT } from "#shared/net/protocol.ts";
import { TickFrame } from "#shared/net/tick-frame.ts";
import { readTickFrame } from "#shared/net/tick-reader.ts";
import type { ClientWorld } from "../client-world.ts";
import { WALK } from "../controls.ts";
import type { ArenaSessionEvent, DurableAction } from "../session-types.ts";
import { ArenaSurroundings } from "./arena-surroundings.ts";
import type { ArenaTypes } from "./arena-types.ts";

/** Places are tenths of a unit. */
const SCALE = { unit: 10, smoothedMax: 640, smoothingMs: 35, leap: 64 };

/** The arena as the SDK plays it. */
export function createArenaWorld(): ClientWorld<ArenaTypes> {
  // Filled again by each frame.
  const frame = new TickFrame();
  return {
    name: "arena",
    scale: SCALE,
    viewport: VIEWPORT_DEFAULT,
    viewportUnit: 1,
    controls: WALK,
    form: {
      controls: (value) => ({ case: "arena", value }),
      action: (value) => ({ case: "arena", value }),
    },
    actionSchema: ArenaActionSchema,
    messageOf,
    parametersOf: ({ world }) => (world.case === "arena" ? world.value : undefined),
    readTick: (bytes) => (readTickFrame(bytes, frame) ? frame : undefined),
    open: (options) => new ArenaSurroundings(options),
    concerns,
  };
}

function messageOf(action: DurableAction): ArenaAction {
  return create(ArenaActionSchema, {
    action:
      action.case === "respawn"
        ? { case: "respawn", value: {} }
        : { case: "give", value: { entity: action.entity } },
  });
}

function concerns(event: ArenaSessionEvent, entityId: number): boolean {
  return event.type === "hit"
    ? event.attacker === entityId || event.target === entityId
    : event.entity === entityId || event.killer === entityId;
}

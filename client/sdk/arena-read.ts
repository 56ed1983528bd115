import { type ArenaEntity, type ArenaEvent, ArenaState } from "#proto/arena_pb.ts";
import { ARENA_HEALTH_MAX, unpackArenaPose } from "#shared/sim/index.ts";
import type { Sample } from "../interpolation/track.ts";
import type { ArenaSessionEvent, EntityState } from "./session-types.ts";

const STATE_NAMES: Record<ArenaState, EntityState> = {
  [ArenaState.UNSPECIFIED]: "idle",
  [ArenaState.IDLE]: "idle",
  [ArenaState.MOVING]: "moving",
  [ArenaState.ATTACKING]: "attacking",
  [ArenaState.DEAD]: "dead",
};

/** A state of the wire by its name. */
export function stateName(state: ArenaState): EntityState {
  return STATE_NAMES[state] ?? "idle";
}

/** A cell's record of an entity. */
export function readArenaEntity(entity: ArenaEntity): Omit<Sample, "tick" | "since"> {
  const { dx, dy, facingRight, state } = unpackArenaPose(entity.pose);
  return {
    x: entity.x,
    y: entity.y,
    dx,
    dy,
    facingRight,
    state: stateName(state),
    health: ARENA_HEALTH_MAX - entity.wounds,
    score: entity.score,
  };
}

/** A cell's event; undefined when it is of a kind that this client does not know. */
export function readArenaEvent({ event }: ArenaEvent): ArenaSessionEvent | undefined {
  if (event.case === "hit") {
    const { attacker, target, damage } = event.value;
    return { type: "hit", attacker, target, damage };
  }
  if (event.case === "death") {
    const { entity, killer } = event.value;
    return { type: "death", entity, killer };
  }
  return undefined;
}

import { ArenaState } from "#proto/arena_pb.ts";
import type { KnownEntities } from "#shared/net/known-entities.ts";
import { ARENA_EVENT, type TickFrame } from "#shared/net/tick-frame.ts";
import { ARENA_HEALTH_MAX, unpackArenaPose } from "#shared/sim/index.ts";
import type { Sample } from "../../interpolation/track.ts";
import type { ArenaSessionEvent, EntityState } from "../session-types.ts";

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

/** What is known of an entity. */
export function readKnownEntity(
  entities: KnownEntities,
  row: number,
): Omit<Sample, "tick" | "since"> {
  const { dx, dy, facingRight, state } = unpackArenaPose(entities.pose[row] ?? 0);
  return {
    x: entities.x[row] ?? 0,
    y: entities.y[row] ?? 0,
    dx,
    dy,
    facingRight,
    state: stateName(state),
    health: ARENA_HEALTH_MAX - (entities.wounds[row] ?? 0),
    score: entities.score[row] ?? 0,
  };
}

/** One of a frame's events. */
export function readArenaEvent({ events }: TickFrame, row: number): ArenaSessionEvent {
  const attacker = events.attacker[row] ?? 0;
  const target = events.target[row] ?? 0;
  if (events.kind[row] === ARENA_EVENT.death) {
    return { type: "death", entity: target, killer: attacker };
  }
  return { type: "hit", attacker, target, damage: events.damage[row] ?? 0 };
}

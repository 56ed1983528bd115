import { ArenaState } from "#proto/arena_pb.ts";
import type { ArenaWorld } from "./world.ts";

/** How a player stands, as `ArenaEntity.pose` packs it. */
export interface ArenaPose {
  /** Sign of the velocity: 0 while attacking or dead. */
  readonly dx: number;
  readonly dy: number;
  readonly facingRight: boolean;
  readonly state: ArenaState;
}

/** (dx + 1) | (dy + 1) << 2 | facing right << 4 | (state - 1) << 5. */
export function packArenaPose({ dx, dy, facingRight, state }: ArenaPose): number {
  return (dx + 1) | ((dy + 1) << 2) | (facingRight ? 1 << 4 : 0) | ((state - 1) << 5);
}

/** The reverse of `packArenaPose`. */
export function unpackArenaPose(pose: number): ArenaPose {
  return {
    dx: (pose & 3) - 1,
    dy: ((pose >> 2) & 3) - 1,
    facingRight: (pose & (1 << 4)) !== 0,
    state: ((pose >> 5) & 3) + 1,
  };
}

/** What the player in a row does at the end of the tick. */
export function readArenaState(world: ArenaWorld, row: number): ArenaState {
  const { respawnTick, attackEndTick, dx, dy } = world.players.columns;
  if (respawnTick[row] !== 0) return ArenaState.DEAD;
  if (attackEndTick[row] !== 0) return ArenaState.ATTACKING;
  return dx[row] !== 0 || dy[row] !== 0 ? ArenaState.MOVING : ArenaState.IDLE;
}

/** The packed pose of the player in a row, without an object on the way. */
export function readArenaPose(world: ArenaWorld, row: number): number {
  const { dx, dy, facingRight } = world.players.columns;
  const state = readArenaState(world, row);
  const moving = state === ArenaState.MOVING;
  const x = moving ? (dx[row] ?? 0) : 0;
  const y = moving ? (dy[row] ?? 0) : 0;
  return (x + 1) | ((y + 1) << 2) | ((facingRight[row] ?? 0) << 4) | ((state - 1) << 5);
}

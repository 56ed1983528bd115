import type { RejectionReason } from "#proto/frame_pb.ts";

/** A world's state; the rest of it is the world's own business. */
export interface World {
  /** Last finished tick; 0 before the first. */
  tick: number;
}

/** What one tick did to the players of any world, for others to be told. */
export interface PlayerEffects<Player> {
  readonly joined: Joined[];
  /** Joins for which there was no room. */
  readonly refused: { readonly playerId: string }[];
  readonly departed: Departed<Player>[];
  /** Refused controls and actions that are not durable. */
  readonly rejections: Outcome[];
  /** Durable actions that were done or refused, in their order. */
  readonly outcomes: Outcome[];
}

export interface Joined {
  readonly playerId: string;
  readonly entity: number;
  /** True when the player's entity was still in the world and has been taken over. */
  readonly returning: boolean;
}

export interface Departed<Player> {
  readonly playerId: string;
  readonly entity: number;
  /** What to keep, and to give to the player's next join. */
  readonly player: Player;
}

/** What came of a command. */
export interface Outcome {
  readonly entity: number;
  readonly sequence: number;
  /** Unspecified: it was done. */
  readonly reason: RejectionReason;
}

/** Of a tick in which nothing happened. */
export function createPlayerEffects<Player>(): PlayerEffects<Player> {
  return { joined: [], refused: [], departed: [], rejections: [], outcomes: [] };
}

/** Forgets what the last tick did. */
export function clearPlayerEffects(effects: PlayerEffects<unknown>): void {
  effects.joined.length = 0;
  effects.refused.length = 0;
  effects.departed.length = 0;
  effects.rejections.length = 0;
  effects.outcomes.length = 0;
}

/**
 * Counts a tick. Ticks are 32 bits wide; timers look `aheadTicks` ahead of them. At 60 ticks a
 * second they last for 828 days.
 */
export function countTick(world: World, name: string, aheadTicks: number): void {
  const tickMax = 0xffff_ffff - aheadTicks;
  if (world.tick >= tickMax) {
    throw new RangeError(`cannot step ${name}: tick ${tickMax} is the last; start a new world`);
  }
  world.tick += 1;
}

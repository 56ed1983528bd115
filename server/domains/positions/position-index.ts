import type { PlayerId, ShardKey } from "#shared/model/ids.ts";

/** A player is forgotten so long after its shard told of it last; shards do every ten seconds. */
export const POSITION_MS_MAX = 30_000;

/** Where a player is in a shard's world. */
export interface Position {
  readonly playerId: PlayerId;
  readonly x: number;
  readonly y: number;
}

/** What a shard told. */
export interface ShardPositions {
  readonly shardKey: ShardKey;
  /** Of its world, which reaches from 0 to this. */
  readonly side: number;
  readonly positions: readonly Position[];
}

/** A circle in the world. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** At most so many, the nearest. */
  readonly limit: number;
}

/** Somebody within a circle. */
export interface NearPosition extends Position {
  readonly distance: number;
}

/** Finds players by where they are. */
export interface PositionIndex {
  /** Never waits: what is put can be found within a second. */
  put(told: ShardPositions): void;
  /** Who is within the circle, the nearest first. */
  near(shardKey: ShardKey, side: number, circle: Circle): Promise<NearPosition[]>;
  close(): Promise<void>;
}

/** How far apart, rounded as people read it. */
export function distanceOf(one: { x: number; y: number }, other: { x: number; y: number }): number {
  const [dx, dy] = [one.x - other.x, one.y - other.y];
  return Math.sqrt(dx * dx + dy * dy);
}

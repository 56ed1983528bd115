import type { PlayerId, ShardKey } from "#shared/model/ids.ts";
import type { Clock } from "#shared/time/clock.ts";
import {
  type Circle,
  distanceOf,
  type NearPosition,
  POSITION_MS_MAX,
  type Position,
  type PositionIndex,
  type ShardPositions,
} from "./position-index.ts";

/** Fields along a world's side. */
const FIELDS = 128;
/** Of one shard; one more is left out. */
const PLAYERS_MAX = 100_000;
/** One more is left out. */
const SHARDS_MAX = 1_000;
const SWEEP_EVERY_MS = 10_000;

interface Kept extends Position {
  readonly field: number;
  readonly endsMs: number;
}

interface Land {
  readonly players: Map<PlayerId, Kept>;
  readonly fields: Map<number, Set<PlayerId>>;
}

/** Positions in this process's memory: exact, and of what this process was told. */
export class MemoryPositionIndex implements PositionIndex {
  readonly #clock: Clock;
  readonly #lands = new Map<ShardKey, Land>();
  #sweptMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put({ shardKey, side, positions }: ShardPositions): void {
    this.#sweep();
    const land = this.#lands.get(shardKey) ?? { players: new Map(), fields: new Map() };
    if (this.#lands.size >= SHARDS_MAX && !this.#lands.has(shardKey)) return;
    this.#lands.set(shardKey, land);
    const endsMs = this.#clock.monotonicMs() + POSITION_MS_MAX;
    for (const { playerId, x, y } of positions) {
      const known = land.players.get(playerId);
      if (known === undefined && land.players.size >= PLAYERS_MAX) continue;
      const field = fieldOf(x, side) + fieldOf(y, side) * FIELDS;
      land.players.set(playerId, { playerId, x, y, field, endsMs });
      if (known?.field === field) continue;
      if (known !== undefined) land.fields.get(known.field)?.delete(playerId);
      const there = land.fields.get(field) ?? new Set();
      land.fields.set(field, there.add(playerId));
    }
  }

  async near(shardKey: ShardKey, side: number, circle: Circle): Promise<NearPosition[]> {
    const land = this.#lands.get(shardKey);
    if (land === undefined) return [];
    const { x, y, radius, limit } = circle;
    const nowMs = this.#clock.monotonicMs();
    const found: NearPosition[] = [];
    for (let row = fieldOf(y - radius, side); row <= fieldOf(y + radius, side); row++) {
      for (let column = fieldOf(x - radius, side); column <= fieldOf(x + radius, side); column++) {
        for (const playerId of land.fields.get(column + row * FIELDS) ?? []) {
          const kept = land.players.get(playerId);
          if (kept === undefined || kept.endsMs <= nowMs) continue;
          const distance = distanceOf(kept, circle);
          if (distance <= radius) found.push({ playerId, x: kept.x, y: kept.y, distance });
        }
      }
    }
    return found.sort((one, other) => one.distance - other.distance).slice(0, limit);
  }

  async close(): Promise<void> {
    this.#lands.clear();
  }

  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sweptMs < SWEEP_EVERY_MS) return;
    this.#sweptMs = nowMs;
    for (const [shardKey, { players, fields }] of this.#lands) {
      for (const [playerId, { endsMs, field }] of players) {
        if (endsMs > nowMs) continue;
        players.delete(playerId);
        const there = fields.get(field);
        there?.delete(playerId);
        if (there?.size === 0) fields.delete(field);
      }
      if (players.size === 0) this.#lands.delete(shardKey);
    }
  }
}

function fieldOf(value: number, side: number): number {
  return Math.min(FIELDS - 1, Math.max(0, Math.floor((value / side) * FIELDS)));
}

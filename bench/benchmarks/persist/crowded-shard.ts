import { hashToken } from "../../../shards/gateway/token-hash.ts";
import { arenaFactory } from "../../../shards/world/arena/arena-shard-world.ts";
import type { ShardWorld } from "../../../shards/world/shard-world.ts";

export const TICK_RATE = 30;

/** Units on a side of the world and of its cells. */
const SIDE = 14_000;
const CELL = 400;

/** A shard's world full of players who turn once a second, and what its database knows of them. */
export interface CrowdedShard {
  readonly world: ShardWorld;
  /** Hashes of resume tokens, by player. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Queues the commands of the next tick: a second's worth divided by the ticks in it. */
  queueTurns(): void;
}

/** Players join with the first step; ids and tokens are as long as real ones. */
export function createCrowdedShard(entities: number): CrowdedShard {
  const measures = { tickRate: TICK_RATE, seed: 1, side: SIDE, cellSize: CELL };
  const world = arenaFactory.create({ ...measures, capacity: entities });
  const tokens = new Map<string, string>();
  for (let index = 0; index < entities; index++) {
    const playerId = crypto.randomUUID();
    tokens.set(playerId, hashToken(playerId));
    world.inputs.join({ playerId, name: `Player ${index}`, restored: undefined });
  }
  let players: number[] = [];
  let sequence = 0;
  return {
    world,
    tokens,
    queueTurns() {
      if (players.length === 0) players = Array.from(world.players(), ({ entity }) => entity);
      sequence += 1;
      for (let index = world.tick % TICK_RATE; index < players.length; index += TICK_RATE) {
        // On diagonals and back again: nobody ever stands still.
        const way = Math.floor(sequence / TICK_RATE) % 2 === 0 ? 1 : -1;
        const value = { dx: index % 2 === 0 ? way : -way, dy: index % 4 < 2 ? way : -way };
        const controls = { case: "arena" as const, value };
        world.inputs.command(players[index] ?? 0, { sequence, tick: 0, controls });
      }
    },
  };
}

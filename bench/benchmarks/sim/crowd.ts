import {
  ARENA_PARAMETERS,
  type ArenaInput,
  type ArenaWorld,
  createArena,
  createRandom,
  stepArena,
} from "#shared/sim/index.ts";

/** Units on a side of the world and of its cells. */
const SIDE = 14_000;
const CELL = 400;

/** A world full of players who never stand still. */
export interface ArenaCrowd {
  readonly world: ArenaWorld;
  /** The commands of the next tick: each player turns once a second. */
  nextTurns(): readonly ArenaInput[];
}

/**
 * As many players as asked for, all on diagonals in random directions, each of which turns back
 * with its next command: nobody stays at an edge, where a step would find it cheaper. Commands are
 * objects that were in use a tick ago, as a shard's are: what is timed is the step, and not how
 * long the memory of a hundred thousand commands takes to come.
 */
export function createCrowd(entities: number, tickRate: number): ArenaCrowd {
  const parameters = { ...ARENA_PARAMETERS, width: SIDE, height: SIDE, cellSize: CELL, tickRate };
  const world = createArena(parameters, { capacity: entities });
  const random = createRandom(1);
  stepArena(
    world,
    Array.from({ length: entities }, (_, index) => join(index)),
  );
  const corners = Uint8Array.from({ length: entities }, () => random.below(4));
  const pool = Array.from({ length: Math.ceil(entities / tickRate) }, () => new Turn());
  const fewer = pool.slice(0, -1);
  let sequence = 0;
  for (let group = 0; group < tickRate; group++) stepArena(world, turnsOf(group));
  return { world, nextTurns: () => turnsOf(world.tick % tickRate) };

  /** Of the rows that have their turn together: each `tickRate`th. */
  function turnsOf(group: number): readonly ArenaInput[] {
    sequence += 1;
    const count = Math.ceil((entities - group) / tickRate);
    for (let index = 0; index < count; index++) {
      const row = index * tickRate + group;
      const corner = (corners[row] ?? 0) ^ 3;
      corners[row] = corner;
      pool[index]?.fill(world.players.ids[row] ?? 0, sequence, corner);
    }
    return count === pool.length ? pool : fewer;
  }
}

function join(index: number): ArenaInput {
  return { input: { case: "join", value: { playerId: `player-${index}`, name: `P${index}` } } };
}

/** A command that is filled again and again. */
class Turn implements ArenaInput {
  readonly input;
  readonly #controls = { dx: 0, dy: 0 };
  readonly #command;

  constructor() {
    const command = { case: "controls" as const, value: this.#controls };
    this.#command = { entity: 0, sequence: 0, command };
    this.input = { case: "command" as const, value: this.#command };
  }

  /** Bits of a corner: right, down. */
  fill(entity: number, sequence: number, corner: number): void {
    this.#command.entity = entity;
    this.#command.sequence = sequence;
    this.#controls.dx = corner & 1 ? 1 : -1;
    this.#controls.dy = corner & 2 ? 1 : -1;
  }
}

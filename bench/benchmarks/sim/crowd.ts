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
 * with its next command: nobody stays at an edge, where a step would find it cheaper.
 */
export function createCrowd(entities: number, tickRate: number): ArenaCrowd {
  const parameters = { ...ARENA_PARAMETERS, width: SIDE, height: SIDE, cellSize: CELL, tickRate };
  const world = createArena(parameters, { capacity: entities });
  const random = createRandom(1);
  stepArena(
    world,
    Array.from({ length: entities }, (_, index) => join(index)),
  );
  const turns = makeTurns(world, tickRate);
  stepArena(world, turns.flat());
  let sequence = 1;
  return { world, nextTurns };

  function nextTurns(): readonly ArenaInput[] {
    const group = turns[world.tick % tickRate] ?? [];
    sequence += 1;
    for (const turn of group) turn.turnTo(sequence);
    return group;
  }

  function makeTurns(of: ArenaWorld, groups: number): Turn[][] {
    const all: Turn[][] = Array.from({ length: groups }, () => []);
    for (let row = 0; row < entities; row++) {
      const turn = new Turn(of.players.ids[row] ?? 0, random.below(4));
      all[row % groups]?.push(turn);
    }
    return all;
  }
}

function join(index: number): ArenaInput {
  return { input: { case: "join", value: { playerId: `player-${index}`, name: `P${index}` } } };
}

/** A command that is given again and again, each time in the opposite direction. */
class Turn implements ArenaInput {
  readonly input;
  readonly #controls;
  readonly #command;

  constructor(entity: number, corner: number) {
    this.#controls = { dx: corner & 1 ? 1 : -1, dy: corner & 2 ? 1 : -1 };
    const command = { case: "controls" as const, value: this.#controls };
    this.#command = { entity, sequence: 1, command };
    this.input = { case: "command" as const, value: this.#command };
  }

  turnTo(sequence: number): void {
    this.#command.sequence = sequence;
    this.#controls.dx = -this.#controls.dx;
    this.#controls.dy = -this.#controls.dy;
  }
}

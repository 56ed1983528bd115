// A busy arena whose inputs are a pure function of a seed and of the world that they enter. Also
// bundled for browsers, to show that every engine comes to the same state.

import { createRandom, type Random } from "../../../kernel/random.ts";
import { hashArena } from "../hash.ts";
import type { ArenaAction, ArenaInput } from "../messages.ts";
import { ARENA_PARAMETERS } from "../parameters.ts";
import { stepArena } from "../step.ts";
import { type ArenaWorld, createArena } from "../world.ts";

/** Players who come and go in a seeded run. */
const SEEDED_PLAYERS = 200;

/** State hash after `ticks` ticks of seeded inputs in a small, crowded arena. */
export function runSeededArena(seed: number, ticks: number): string {
  const world = createSeededArena(seed);
  for (let tick = 0; tick < ticks; tick++) stepArena(world, seededInputs(seed, world));
  return hashArena(world);
}

/** The arena of a seeded run at tick 0; a little too small for all of its players. */
export function createSeededArena(seed: number): ArenaWorld {
  const parameters = { ...ARENA_PARAMETERS, width: 400, height: 300, cellSize: 64, seed };
  return createArena(parameters, { capacity: SEEDED_PLAYERS / 2 });
}

/** What enters `world` in its next tick. */
export function seededInputs(seed: number, world: ArenaWorld): ArenaInput[] {
  const random = createRandom(seed ^ Math.imul(world.tick + 1, 0x9e3779b9));
  const inputs: ArenaInput[] = [];
  if (random.below(4) === 0) inputs.push(seededJoin(random));
  const { ids, rowCount, columns } = world.players;
  for (let row = 0; row < rowCount; row++) {
    const entity = ids[row] ?? 0;
    if (entity === 0 || random.below(12) !== 0) continue;
    const sequence = (columns.sequence[row] ?? 0) + random.below(4);
    inputs.push(seededCommand(random, world, { entity, sequence }));
  }
  return inputs;
}

function seededJoin(random: Random): ArenaInput {
  const number = random.below(SEEDED_PLAYERS);
  const player = { playerId: `player-${number}`, name: `Näme ${number}` };
  const kills = random.below(5);
  const place = { x: random.below(5000), y: random.below(5000), facingRight: kills > 2 };
  const lasting = { kills, deaths: 1, score: 3, credits: random.below(101) };
  const restored = { ...place, health: random.below(101), ...lasting };
  const value = random.below(2) === 0 ? player : { ...player, restored };
  return { input: { case: "join", value } };
}

function seededCommand(
  random: Random,
  world: ArenaWorld,
  { entity, sequence }: { entity: number; sequence: number },
): ArenaInput {
  const choice = random.below(100);
  if (choice === 0) return { input: { case: "leave", value: { entity } } };
  if (choice === 2) return { input: { case: "halt", value: { entity } } };
  if (choice < 50) {
    // Now and then out of range.
    const controls = { dx: random.below(3) - 1, dy: random.below(choice === 1 ? 4 : 3) - 1 };
    const command = { case: "controls" as const, value: controls };
    return { input: { case: "command", value: { entity, sequence, command } } };
  }
  const command = { case: "action" as const, value: seededAction(random, world) };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

function seededAction(random: Random, { players }: ArenaWorld): ArenaAction {
  const choice = random.below(20);
  if (choice === 0) return { action: { case: undefined } };
  if (choice === 1) return { action: { case: "respawn", value: {} } };
  if (choice === 2) {
    const entity = players.ids[random.below(players.capacity)] ?? 0;
    return { action: { case: "give", value: { entity } } };
  }
  if (choice < 9) return { action: { case: "face", value: { right: random.below(2) === 0 } } };
  return { action: { case: "attack", value: {} } };
}

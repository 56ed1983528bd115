// Inputs and small arenas for tests, in as few words as they need.

import type { ArenaControls, ArenaInput, ArenaPlayer } from "../messages.ts";
import { ARENA_PARAMETERS } from "../parameters.ts";
import { stepArena } from "../step.ts";
import { type ArenaWorld, createArena } from "../world.ts";

/** Somebody unhurt in the middle of a default arena who looks to the right. */
export const SOMEBODY: ArenaPlayer = {
  x: 10_000,
  y: 10_000,
  facingRight: true,
  health: 100,
  kills: 0,
  deaths: 0,
  score: 0,
  credits: 3,
};

/**
 * A default arena at tick 1, with one player per row, each like `SOMEBODY` but for what is
 * given.
 */
export function createArenaWith(
  players: readonly Partial<ArenaPlayer>[],
  tickRate = 30,
): { readonly world: ArenaWorld; readonly entities: readonly number[] } {
  const capacity = Math.max(4, players.length);
  const world = createArena({ ...ARENA_PARAMETERS, tickRate }, { capacity });
  const joins = players.map((player, row) => joinInput(`player-${row}`, player));
  stepArena(world, joins);
  return { world, entities: world.effects.joined.map(({ entity }) => entity) };
}

/** Steps without inputs until `tick` is finished. */
export function stepUntil(world: ArenaWorld, tick: number): void {
  while (world.tick < tick) stepArena(world, []);
}

/** A join; of somebody new when no player is given. */
export function joinInput(playerId: string, player?: Partial<ArenaPlayer>): ArenaInput {
  const newcomer = { playerId, name: playerId };
  const value = player === undefined ? newcomer : { ...newcomer, restored: fill(player) };
  return { input: { case: "join", value } };
}

export function leaveInput(entity: number): ArenaInput {
  return { input: { case: "leave", value: { entity } } };
}

export function controlsInput(entity: number, sequence: number, value: ArenaControls): ArenaInput {
  const command = { case: "controls" as const, value };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

export function faceInput(entity: number, sequence: number, right: boolean): ArenaInput {
  const action = { case: "face" as const, value: { right } };
  const command = { case: "action" as const, value: { action } };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

export function attackInput(entity: number, sequence: number): ArenaInput {
  const action = { case: "attack" as const, value: {} };
  const command = { case: "action" as const, value: { action } };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

export function respawnInput(entity: number, sequence: number): ArenaInput {
  const action = { case: "respawn" as const, value: {} };
  const command = { case: "action" as const, value: { action } };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

export function giveInput(entity: number, sequence: number, to: number): ArenaInput {
  const action = { case: "give" as const, value: { entity: to } };
  const command = { case: "action" as const, value: { action } };
  return { input: { case: "command", value: { entity, sequence, command } } };
}

function fill(player: Partial<ArenaPlayer>): ArenaPlayer {
  return { ...SOMEBODY, ...player };
}

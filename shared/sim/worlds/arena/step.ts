import { countTick } from "../../kernel/world.ts";
import { applyCommand } from "./inputs/command.ts";
import { applyHalt } from "./inputs/halt.ts";
import { applyJoin } from "./inputs/join.ts";
import { applyLeave } from "./inputs/leave.ts";
import { applyRename } from "./inputs/rename.ts";
import { applyRestart } from "./inputs/restart.ts";
import type { ArenaInput } from "./messages.ts";
import { movePlayers } from "./systems/move.ts";
import { resolveStrikes } from "./systems/strike.ts";
import { runTimers } from "./systems/timers.ts";
import { type ArenaWorld, clearEffects } from "./world.ts";

/** How far timers look ahead. */
const AHEAD_TICKS = 1_000;

/**
 * Advances the world by one tick: what is due, then this tick's inputs in their order, movement,
 * strikes. A pure function of the world's state and the inputs; `world.effects` tells what
 * happened.
 */
export function stepArena(world: ArenaWorld, inputs: readonly ArenaInput[]): void {
  beginArenaTick(world);
  runTimers(world);
  for (const input of inputs) applyArenaInput(world, input);
  movePlayers(world);
  resolveStrikes(world);
}

/** Counts the tick; nothing has happened in it yet. */
export function beginArenaTick(world: ArenaWorld): void {
  countTick(world, "arena", AHEAD_TICKS);
  clearEffects(world.effects);
}

/** One input, in its order. */
export function applyArenaInput(world: ArenaWorld, { input }: ArenaInput): void {
  switch (input.case) {
    case "join":
      applyJoin(world, input.value);
      break;
    case "leave":
      applyLeave(world, input.value);
      break;
    case "command":
      applyCommand(world, input.value);
      break;
    case "halt":
      applyHalt(world, input.value);
      break;
    case "rename":
      applyRename(world, input.value);
      break;
    case "restart":
      applyRestart(world);
      break;
    case undefined:
      // An input of a later version of the journal: nothing that this one knows.
      break;
  }
}

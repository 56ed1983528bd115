import { countTick } from "../../kernel/world.ts";
import { trimChunks } from "./chunks/chunk-map.ts";
import { clearEffects } from "./effects.ts";
import { forgetNearby } from "./entities/nearby.ts";
import { closeLeftChests } from "./entities/open-chests.ts";
import { layWaiting } from "./entities/spill.ts";
import { applyCommand } from "./inputs/command.ts";
import { applyHalt } from "./inputs/halt.ts";
import { applyJoin } from "./inputs/join.ts";
import { applyLeave } from "./inputs/leave.ts";
import { applyRename } from "./inputs/rename.ts";
import { applyRestart } from "./inputs/restart.ts";
import type { BlocksInput } from "./messages.ts";
import { applyRemoteCells, applyStamp, stampWrites } from "./mirror.ts";
import { movePlayers } from "./systems/move-players.ts";
import { runCreatures } from "./systems/run-creatures.ts";
import { updateBlocks } from "./systems/update-blocks.ts";
import type { BlocksWorld } from "./world.ts";

/** How far timers look ahead. */
const AHEAD_TICKS = 100_000;

/**
 * Advances the world by one tick: blocks that were woken, then this tick's inputs in their order,
 * then players and creatures move. A pure function of the world's state and the inputs;
 * `world.effects` tells what happened. A client's world leaves to the shard what is not its own
 * player's.
 */
export function stepBlocks(world: BlocksWorld, inputs: readonly BlocksInput[]): void {
  countTick(world, "blocks", AHEAD_TICKS);
  world.chunks.tick = world.tick;
  clearEffects(world.effects);
  forgetNearby(world);
  if (!world.predicts) updateBlocks(world);
  for (const input of inputs) applyInput(world, input);
  layWaiting(world);
  movePlayers(world);
  closeLeftChests(world);
  if (!world.predicts) runCreatures(world);
  stampWrites(world);
  trimChunks(world.chunks);
}

function applyInput(world: BlocksWorld, { input }: BlocksInput): void {
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
    case "remote":
      applyRemoteCells(world, input.value);
      break;
    case "stamp":
      applyStamp(world, input.value);
      break;
    case undefined:
      // An input of a later version of the journal: nothing that this one knows.
      break;
  }
}

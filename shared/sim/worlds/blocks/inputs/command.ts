import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { commandApplier, isHeldPlainly, takeSequence } from "../../../kernel/player-command.ts";
import { applyBlocksAction, isDurableBlocksAction } from "../actions/action-table.ts";
import { bagOf } from "../actions/reach.ts";
import { facingOf } from "../facing.ts";
import type { BlocksCommand, BlocksControls } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

const applyNew = commandApplier({
  applyControls,
  applyAction: applyBlocksAction,
  isDurable: isDurableBlocksAction,
});

/** Applies or rejects one command of a player; one of someone who is gone is ignored. */
export function applyCommand(world: BlocksWorld, command: BlocksCommand): void {
  const row = rowOf(world.entities, command.entity);
  const bag = row === -1 ? -1 : bagOf(world, row);
  // A trader has a bag too, but nobody's commands are its own.
  if (bag === -1 || world.bags.columns.playerId[bag] === "") return;
  const { sequence } = world.bags.columns;
  if (takeSequence(sequence, bag, command.sequence)) applyNew(world, row, command);
}

/** Takes the controls; the dead hold them too and follow them once they live again. */
function applyControls(
  world: BlocksWorld,
  row: number,
  controls: BlocksControls,
): RejectionReason | null {
  if (!isHeldPlainly(controls)) return RejectionReason.INVALID;
  const { dx, dy, facing } = world.entities.columns;
  dx[row] = controls.dx;
  dy[row] = controls.dy;
  facing[row] = facingOf(controls.dx, controls.dy, facing[row] ?? 0);
  return null;
}

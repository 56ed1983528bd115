import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { applyBlocksAction, isDurableBlocksAction } from "../actions/action-table.ts";
import { bagOf } from "../actions/reach.ts";
import { facingOf } from "../facing.ts";
import type { BlocksCommand, BlocksControls } from "../messages.ts";
import type { BlocksWorld } from "../world.ts";

/**
 * Applies or rejects one command of a player. A sequence that is not above the last one is a
 * repetition and ignored; gaps are fine. A command of someone who is gone is ignored. What is
 * ignored is told of nowhere, a durable action otherwise always as an outcome.
 */
export function applyCommand(world: BlocksWorld, command: BlocksCommand): void {
  const row = rowOf(world.entities, command.entity);
  const bag = row === -1 ? -1 : bagOf(world, row);
  // A trader has a bag too, but nobody's commands are its own.
  if (bag === -1 || world.bags.columns.playerId[bag] === "") return;
  const { sequence } = world.bags.columns;
  if (command.sequence <= (sequence[bag] ?? 0)) return;
  sequence[bag] = command.sequence;
  const reason = applyToRow(world, row, command.command);
  const durable = command.command.case === "action" && isDurableBlocksAction(command.command.value);
  if (reason === null && !durable) return;
  const told = {
    entity: command.entity,
    sequence: command.sequence,
    reason: reason ?? RejectionReason.UNSPECIFIED,
  };
  (durable ? world.effects.outcomes : world.effects.rejections).push(told);
}

function applyToRow(
  world: BlocksWorld,
  row: number,
  command: BlocksCommand["command"],
): RejectionReason | null {
  switch (command.case) {
    case "controls":
      return applyControls(world, row, command.value);
    case "action":
      return applyBlocksAction(world, row, command.value);
    default:
      return RejectionReason.INVALID;
  }
}

/** Takes the controls; the dead hold them too and follow them once they live again. */
function applyControls(
  world: BlocksWorld,
  row: number,
  controls: BlocksControls,
): RejectionReason | null {
  if (!isDirection(controls.dx) || !isDirection(controls.dy)) return RejectionReason.INVALID;
  const { dx, dy, facing } = world.entities.columns;
  dx[row] = controls.dx;
  dy[row] = controls.dy;
  facing[row] = facingOf(controls.dx, controls.dy, facing[row] ?? 0);
  return null;
}

function isDirection(value: number): boolean {
  return value === -1 || value === 0 || value === 1;
}

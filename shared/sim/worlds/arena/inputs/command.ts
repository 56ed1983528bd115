import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { applyArenaAction, isDurableArenaAction } from "../actions/action-table.ts";
import type { ArenaCommand, ArenaControls } from "../messages.ts";
import type { ArenaWorld } from "../world.ts";

/**
 * Applies or rejects one command of a player. A sequence that is not above the last one is a
 * repetition and ignored; gaps are fine. A command of someone who is gone is ignored. What is
 * ignored is told of nowhere, a durable action otherwise always as an outcome.
 */
export function applyCommand(world: ArenaWorld, command: ArenaCommand): void {
  const row = rowOf(world.players, command.entity);
  if (row === -1) return;
  const { sequence } = world.players.columns;
  if (command.sequence <= (sequence[row] ?? 0)) return;
  sequence[row] = command.sequence;
  const reason = applyToRow(world, row, command.command);
  const durable = isDurable(command.command);
  if (reason === null && !durable) return;
  const told = {
    entity: command.entity,
    sequence: command.sequence,
    reason: reason ?? RejectionReason.UNSPECIFIED,
  };
  (durable ? world.effects.outcomes : world.effects.rejections).push(told);
}

function isDurable(command: ArenaCommand["command"]): boolean {
  return command.case === "action" && isDurableArenaAction(command.value);
}

function applyToRow(
  world: ArenaWorld,
  row: number,
  command: ArenaCommand["command"],
): RejectionReason | null {
  switch (command.case) {
    case "controls":
      return applyControls(world, row, command.value);
    case "action":
      return applyArenaAction(world, row, command.value);
    default:
      return RejectionReason.INVALID;
  }
}

/** Takes the controls; the dead and attackers hold them too and follow them afterwards. */
function applyControls(
  world: ArenaWorld,
  row: number,
  controls: ArenaControls,
): RejectionReason | null {
  if (!isDirection(controls.dx) || !isDirection(controls.dy)) return RejectionReason.INVALID;
  const { dx, dy, facingRight, respawnTick, attackEndTick } = world.players.columns;
  dx[row] = controls.dx;
  dy[row] = controls.dy;
  const free = respawnTick[row] === 0 && attackEndTick[row] === 0;
  // Already now, and not only in the movement that follows: a turn and an attack in the same tick
  // must strike to the new side.
  if (free && controls.dx !== 0) facingRight[row] = controls.dx > 0 ? 1 : 0;
  return null;
}

function isDirection(value: number): boolean {
  return value === -1 || value === 0 || value === 1;
}

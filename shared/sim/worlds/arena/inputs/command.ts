import { RejectionReason } from "#proto/frame_pb.ts";
import { rowOf } from "../../../kernel/entity-table.ts";
import { commandApplier, isHeldPlainly, takeSequence } from "../../../kernel/player-command.ts";
import { applyArenaAction, isDurableArenaAction } from "../actions/action-table.ts";
import type { ArenaCommand, ArenaControls } from "../messages.ts";
import type { ArenaWorld } from "../world.ts";

const applyNew = commandApplier({
  applyControls,
  applyAction: applyArenaAction,
  isDurable: isDurableArenaAction,
});

/** Applies or rejects one command of a player; one of someone who is gone is ignored. */
export function applyCommand(world: ArenaWorld, command: ArenaCommand): void {
  const row = rowOf(world.players, command.entity);
  if (row === -1) return;
  const { sequence } = world.players.columns;
  if (takeSequence(sequence, row, command.sequence)) applyNew(world, row, command);
}

/** Takes the controls; the dead and attackers hold them too and follow them afterwards. */
function applyControls(
  world: ArenaWorld,
  row: number,
  controls: ArenaControls,
): RejectionReason | null {
  if (!isHeldPlainly(controls)) return RejectionReason.INVALID;
  const { dx, dy, facingRight, respawnTick, attackEndTick } = world.players.columns;
  dx[row] = controls.dx;
  dy[row] = controls.dy;
  const free = respawnTick[row] === 0 && attackEndTick[row] === 0;
  // Already now, and not only in the movement that follows: a turn and an attack in the same tick
  // must strike to the new side.
  if (free && controls.dx !== 0) facingRight[row] = controls.dx > 0 ? 1 : 0;
  return null;
}

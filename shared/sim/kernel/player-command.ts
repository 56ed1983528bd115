import { RejectionReason } from "#proto/frame_pb.ts";
import type { Outcome } from "./world.ts";

/** A command of a player; one of a later version of the protocol carries nothing. */
export interface PlayerCommand<Controls, Action> {
  readonly entity: number;
  readonly sequence: number;
  readonly command:
    | { readonly case: "controls"; readonly value: Controls }
    | { readonly case: "action"; readonly value: Action }
    | { readonly case: undefined };
}

/** What a world brings to the commands of its players; `row` is the player's. */
export interface CommandRules<State, Controls, Action> {
  /** Takes the controls, or says why not. */
  readonly applyControls: (world: State, row: number, controls: Controls) => RejectionReason | null;
  /** Does the action, or says why not. */
  readonly applyAction: (world: State, row: number, action: Action) => RejectionReason | null;
  readonly isDurable: (action: Action) => boolean;
}

interface TellingWorld {
  readonly effects: { readonly rejections: Outcome[]; readonly outcomes: Outcome[] };
}

/**
 * The way in which a world applies or rejects a command of the player in a row, once its sequence
 * was taken. A durable action is always told of as an outcome, all else only when it is rejected.
 */
export function commandApplier<State extends TellingWorld, Controls, Action>(
  rules: CommandRules<State, Controls, Action>,
): (world: State, row: number, command: PlayerCommand<Controls, Action>) => void {
  return (world, row, { entity, sequence, command }) => {
    let reason: RejectionReason | null = RejectionReason.INVALID;
    let durable = false;
    if (command.case === "controls") reason = rules.applyControls(world, row, command.value);
    else if (command.case === "action") {
      reason = rules.applyAction(world, row, command.value);
      durable = rules.isDurable(command.value);
    }
    if (reason === null && !durable) return;
    const told = { entity, sequence, reason: reason ?? RejectionReason.UNSPECIFIED };
    (durable ? world.effects.outcomes : world.effects.rejections).push(told);
  };
}

/**
 * Notes a command's sequence as the last one of a row. False for one that is not above the last: a
 * repetition, to be ignored and told of nowhere. Gaps are fine.
 */
export function takeSequence(sequences: Uint32Array, row: number, sequence: number): boolean {
  if (sequence <= (sequences[row] ?? 0)) return false;
  sequences[row] = sequence;
  return true;
}

/** Whether controls of a plane are held fully, or not at all, on each axis. */
export function isHeldPlainly({ dx, dy }: { readonly dx: number; readonly dy: number }): boolean {
  return isSign(dx) && isSign(dy);
}

function isSign(value: number): boolean {
  return value === -1 || value === 0 || value === 1;
}

import { RejectionReason } from "#proto/frame_pb.ts";

/** Why the shard refused an action. */
export type ActionReason = keyof typeof RejectionReason;

/**
 * What became of an action that was not done:
 * - `refused`: the shard said no, `reason` says why; nothing changed;
 * - `crowded`: too many wait for their answers; it was not sent;
 * - `closed`: the session was over, or went on at another shard, before it was sent;
 * - `unknown`: no answer came before the session ended or went on at another shard, or for half an
 *   hour: it may have been done or not. Performed again by its `actionId` at the same shard, within
 *   that time, it is done once at most.
 */
export type ActionProblem = "refused" | "crowded" | "closed" | "unknown";

/** A durable action that was not done, or of which nobody knows. */
export class ActionError extends Error {
  override readonly name = "ActionError";
  readonly problem: ActionProblem;
  readonly actionId: Uint8Array;
  /** Null unless it was refused. */
  readonly reason: ActionReason | null;

  constructor(
    message: string,
    options: { problem: ActionProblem; actionId: Uint8Array; reason?: RejectionReason },
  ) {
    super(message);
    const { problem, actionId, reason } = options;
    this.problem = problem;
    this.actionId = actionId;
    this.reason = reason === undefined ? null : refusalOf(reason)[0];
  }
}

/** The error for an action that the shard refused. */
export function refusal(
  action: string,
  { actionId, reason }: { actionId: Uint8Array; reason: RejectionReason },
): ActionError {
  const [name, why] = refusalOf(reason);
  const message = `cannot ${action}: ${why} (${name})`;
  return new ActionError(message, { problem: "refused", actionId, reason });
}

type Refusal = readonly [name: ActionReason, why: string];

function refusalOf(reason: RejectionReason): Refusal {
  // A later shard may know more reasons.
  return REFUSALS[reason] ?? REFUSALS[RejectionReason.UNSPECIFIED];
}

const REFUSALS: Record<RejectionReason, Refusal> = {
  [RejectionReason.UNSPECIFIED]: ["UNSPECIFIED", "for a reason that this client does not know"],
  [RejectionReason.INVALID]: ["INVALID", "what it asks for makes no sense"],
  [RejectionReason.COOLDOWN]: ["COOLDOWN", "it is cooling down"],
  [RejectionReason.DEAD]: ["DEAD", "the player is dead"],
  [RejectionReason.BUSY]: ["BUSY", "the player is doing something that excludes it"],
  [RejectionReason.UNAFFORDABLE]: ["UNAFFORDABLE", "the player cannot pay for it"],
  [RejectionReason.ALIVE]: ["ALIVE", "the player is alive"],
  [RejectionReason.UNAVAILABLE]: [
    "UNAVAILABLE",
    "whom it is meant for is not there, or can take no more",
  ],
  [RejectionReason.TOO_FAR]: ["TOO_FAR", "what it is meant for is out of reach"],
  [RejectionReason.OCCUPIED]: [
    "OCCUPIED",
    "there is no room for it: the place is taken, or the inventory full",
  ],
  [RejectionReason.ELSEWHERE]: [
    "ELSEWHERE",
    "whom it is meant for lives in another region and is only shown here",
  ],
};

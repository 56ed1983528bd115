import { ActionError } from "../../../index.ts";
import type { ActionReason } from "../../../sdk/action-error.ts";

const WORDS: Partial<Record<ActionReason, string>> = {
  TOO_FAR: "Too far away",
  OCCUPIED: "There is no room for that",
  UNAFFORDABLE: "You do not have what that takes",
  UNAVAILABLE: "Not now",
  INVALID: "That does not work there",
  DEAD: "You fell: R takes you back",
};

/** Words for what was not done; null where silence is better. */
export function refusalWords(error: unknown): string | null {
  if (!(error instanceof ActionError)) return null;
  if (error.problem === "crowded") return "One thing after the other";
  return error.reason === null ? null : (WORDS[error.reason] ?? null);
}

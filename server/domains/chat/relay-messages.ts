import { SendChatInput } from "#shared/model/chat.ts";
import type {
  LineOutcome,
  Relayed,
  RelayedLine,
  RelayedResult,
  RelayInput,
} from "#shared/model/chat-relay.ts";
import type { AppErrorCode } from "#shared/model/errors.ts";
import { PlayerId } from "#shared/model/ids.ts";
import type { ServerDeps } from "../../deps.ts";
import { describeError } from "../../errors.ts";
import { MutedError } from "./muted-error.ts";
import { sendMessage } from "./send-message.ts";

const OUTCOMES: Partial<Record<AppErrorCode, LineOutcome>> = {
  INVALID_INPUT: "channel",
  FORBIDDEN: "forbidden",
  BANNED: "forbidden",
  NOT_FOUND: "notFound",
  RATE_LIMITED: "tooFast",
  BUSY: "busy",
};

/**
 * Says what players said on game sockets, under the same rules and limits as chat.send. A line that
 * is refused keeps no other from being said; after one that the database did not take, those that
 * follow are not tried.
 */
export async function relayMessages(deps: ServerDeps, { lines }: RelayInput): Promise<Relayed> {
  const results: RelayedResult[] = [];
  let isAway = false;
  for (const line of lines) {
    const result: RelayedResult = isAway ? UNAVAILABLE : await relay(deps, line);
    isAway = result.outcome === "unavailable";
    results.push(result);
  }
  return { results };
}

async function relay(deps: ServerDeps, line: RelayedLine): Promise<RelayedResult> {
  const { channel, target, text } = line;
  const sender = PlayerId.safeParse(line.playerId);
  if (!sender.success) return STRANGER;
  const { data: playerId } = sender;
  const place = channel === "private" ? { playerId: target } : { groupId: target };
  const input = SendChatInput.safeParse({ channel, text, ...(target !== "" && place) });
  if (!input.success) {
    const { issues } = input.error;
    const isText = issues.every(({ path }) => path[0] === "text");
    const told = issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    const message = `cannot send the message: ${told.join("; ")}`;
    return { ...NOTHING, outcome: isText ? "text" : "channel", message };
  }
  try {
    await deps.limits.begin(["message"]).takeAccount(playerId);
    const { cursor } = await sendMessage(deps, { playerId }, input.data);
    return { ...NOTHING, outcome: "said", cursor };
  } catch (error) {
    return refuse(deps, error);
  }
}

const NOTHING = { message: "", cursor: "", untilMs: null, retryAfterMs: 0 } as const;
const STRANGER: RelayedResult = {
  ...NOTHING,
  outcome: "notFound",
  message: "cannot send the message: its sender is no player with an account",
};
const UNAVAILABLE: RelayedResult = {
  ...NOTHING,
  outcome: "unavailable",
  message: "cannot send the message: the server's database does not answer; try again later",
  retryAfterMs: 5_000,
};

function refuse({ log }: ServerDeps, error: unknown): RelayedResult {
  const { code, message, retryAfterSeconds = 0 } = describeError(error);
  if (error instanceof MutedError) {
    return { ...NOTHING, outcome: "muted", message, untilMs: error.endsAtMs };
  }
  const outcome = OUTCOMES[code];
  if (outcome !== undefined) {
    return { ...NOTHING, outcome, message, retryAfterMs: retryAfterSeconds * 1_000 };
  }
  log.warning("cannot say what a player said", { error });
  return UNAVAILABLE;
}

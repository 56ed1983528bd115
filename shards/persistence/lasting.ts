import type { DurableAnswer } from "../loop/messages.ts";
import { Damage } from "./damage.ts";
import type { Recovery } from "./messages.ts";
import {
  checkPlayerStates,
  readAnswers,
  readSessions,
  readWholeOutbox,
  type ShardClient,
} from "./rows.ts";

/** Answers that are kept for each player; a client has fewer actions under way. */
export const ANSWERS_PER_PLAYER_MAX = 64;

/**
 * Reads what a shard has beside its journal, and checks all of it, also what is read only when a
 * player comes; throws Damage that names whose it is.
 */
export async function readLasting(
  client: ShardClient,
): Promise<Pick<Recovery, "sessions" | "answers">> {
  for await (const { playerId, whole } of checkPlayerStates(client)) {
    if (!whole) throw new Damage(`what it keeps of player ${playerId} is damaged`);
  }
  for await (const { id, whole } of readWholeOutbox(client)) {
    if (!whole) throw new Damage(`the message ${id} of its outbox is damaged`);
  }
  const sessions = await readSessions(client);
  const latest = new Map<string, DurableAnswer[]>();
  for await (const { whole, playerId, actionId, answer } of readAnswers(client)) {
    if (!whole) throw new Damage(`an answer to player ${playerId} is damaged`);
    if (!sessions.has(playerId)) continue;
    const known = latest.get(playerId) ?? [];
    known.push({ playerId, actionId, answer });
    if (known.length > ANSWERS_PER_PLAYER_MAX) known.shift();
    latest.set(playerId, known);
  }
  return { sessions, answers: [...latest.values()].flat() };
}

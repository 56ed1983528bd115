// How a recovery crosses from the persistence Worker to the loop. Cloning a hundred thousand
// sessions one by one takes longer than reading them: they go as one text, and the journal and the
// snapshot are handed over without a copy.
import type { FromWorker, Recovery } from "./messages.ts";

type Recovered = Extract<FromWorker, { kind: "recovered" }>;

/** A message as it crosses; only recoveries are packed. */
export type CrossingMessage =
  | Exclude<FromWorker, Recovered>
  | { kind: "recovered"; recovery: Omit<Recovery, "sessions">; sessions: string };

/** What to post, and the memory that is handed over with it: the recovery is void from then on. */
export function packMessage(message: FromWorker): {
  message: CrossingMessage;
  transfer: ArrayBufferLike[];
} {
  if (message.kind !== "recovered") return { message, transfer: [] };
  const { sessions, ...recovery } = message.recovery;
  const { snapshot, journal } = recovery;
  const memory = [snapshot?.state, ...journal.map(({ inputs }) => inputs)];
  return {
    message: { kind: "recovered", recovery, sessions: JSON.stringify([...sessions].flat()) },
    transfer: [...new Set(memory.flatMap((bytes) => ownMemory(bytes)))],
  };
}

export function unpackMessage(message: CrossingMessage): FromWorker {
  if (message.kind !== "recovered") return message;
  const texts: string[] = JSON.parse(message.sessions);
  const sessions = new Map<string, string>();
  for (let at = 0; at < texts.length; at += 2) sessions.set(texts[at] ?? "", texts[at + 1] ?? "");
  return { kind: "recovered", recovery: { ...message.recovery, sessions } };
}

/** Memory that holds these bytes and nothing else. */
function ownMemory(bytes: Uint8Array | undefined): ArrayBufferLike[] {
  if (bytes === undefined || bytes.length !== bytes.buffer.byteLength) return [];
  return [bytes.buffer];
}

// How what a shard starts from crosses from the persistence Worker to the loop. Cloning a hundred
// thousand sessions one by one takes longer than reading them: they go as one text, whose parts are
// taken as they are wanted, and the journal and the snapshot are handed over without a copy.
import type { FromWorker, Lasting } from "./messages.ts";

type Owned = Extract<FromWorker, { kind: "owned" }>;

/** A message as it crosses; only sessions are packed. */
export type CrossingMessage =
  | Exclude<FromWorker, Owned>
  | { kind: "owned"; lasting: Omit<Lasting, "sessions">; sessions: string };

/** What to post, and the memory that is handed over with it: a recovery is void from then on. */
export function packMessage(message: FromWorker): {
  message: CrossingMessage;
  transfer: ArrayBufferLike[];
} {
  if (message.kind === "owned") {
    const { sessions, ...lasting } = message.lasting;
    const texts = JSON.stringify([...sessions].flat());
    return { message: { kind: "owned", lasting, sessions: texts }, transfer: [] };
  }
  if (message.kind !== "recovered") return { message, transfer: [] };
  const { snapshot, journal } = message.recovery;
  const memory = [snapshot?.state, ...journal.map(({ inputs }) => inputs)];
  return { message, transfer: [...new Set(memory.flatMap((bytes) => ownMemory(bytes)))] };
}

export function unpackMessage(message: CrossingMessage): FromWorker {
  if (message.kind !== "owned") return message;
  const texts: string[] = JSON.parse(message.sessions);
  const sessions = texts.flatMap((playerId, at) =>
    at % 2 === 0 ? [[playerId, texts[at + 1] ?? ""] as const] : [],
  );
  return { kind: "owned", lasting: { ...message.lasting, sessions } };
}

/** Memory that holds these bytes and nothing else. */
function ownMemory(bytes: Uint8Array | undefined): ArrayBufferLike[] {
  if (bytes === undefined || bytes.length !== bytes.buffer.byteLength) return [];
  return [bytes.buffer];
}

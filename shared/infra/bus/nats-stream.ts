import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import { type Retention, STREAM } from "./broker-connection.ts";

const NANOSECONDS = 1_000_000;

/** Where NATS carries what is published, and what is sent, on a topic. */
export function subjectOf(stream: string, way: "topic" | "sent", topic: string): string {
  // No two streams may take the same subjects.
  return stream === STREAM ? `tessera.${way}.${topic}` : `tessera.${stream}.${way}.${topic}`;
}

/** Milliseconds as JetStream counts them. */
export function toNanoseconds(ms: number): number {
  return ms * NANOSECONDS;
}

/** For how long the stream keeps what it has, of all topics. */
export function streamAgeMs({ ageMs, batchAgeMs }: Retention): number {
  return Math.max(ageMs, batchAgeMs);
}

/** Makes the stream when there is none, and gives it this retention when it has another. */
export async function ensureStream(
  manager: JetStreamManager,
  { stream, retention }: { stream: string; retention: Retention },
): Promise<void> {
  const { lengthMax, deduplicateMs } = retention;
  const ageMs = streamAgeMs(retention);
  const limits = {
    max_age: toNanoseconds(ageMs),
    max_msgs_per_subject: lengthMax,
    duplicate_window: toNanoseconds(Math.min(ageMs, deduplicateMs)),
  };
  const found = await manager.streams.info(stream).catch((error: unknown) => {
    if (/stream not found/i.test(String(error))) return undefined;
    throw error;
  });
  if (found === undefined) {
    await manager.streams.add({
      ...limits,
      name: stream,
      subjects: [subjectOf(stream, "sent", "*")],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      storage: StorageType.File,
    });
    return;
  }
  const { config } = found;
  const isSame =
    config.max_age === limits.max_age &&
    config.max_msgs_per_subject === limits.max_msgs_per_subject &&
    config.duplicate_window === limits.duplicate_window;
  if (!isSame) await manager.streams.update(stream, { ...config, ...limits });
}

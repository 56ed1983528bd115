import {
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import type { Retention } from "./broker-connection.ts";

/** Keeps all that was sent, of all topics. */
export const STREAM = "GLOBAL_EVENTS";
const NANOSECONDS = 1_000_000;

/** Where NATS carries what is published, and what is sent, on a topic. */
export function subjectOf(way: "topic" | "sent", topic: string): string {
  return `tessera.${way}.${topic}`;
}

/** Milliseconds as JetStream counts them. */
export function toNanoseconds(ms: number): number {
  return ms * NANOSECONDS;
}

/** Makes the stream when there is none, and gives it this retention when it has another. */
export async function ensureStream(
  manager: JetStreamManager,
  { ageMs, lengthMax, deduplicateMs }: Retention,
): Promise<void> {
  const limits = {
    max_age: toNanoseconds(ageMs),
    max_msgs_per_subject: lengthMax,
    duplicate_window: toNanoseconds(Math.min(ageMs, deduplicateMs)),
  };
  const found = await manager.streams.info(STREAM).catch((error: unknown) => {
    if (/stream not found/i.test(String(error))) return undefined;
    throw error;
  });
  if (found === undefined) {
    await manager.streams.add({
      ...limits,
      name: STREAM,
      subjects: [subjectOf("sent", "*")],
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
  if (!isSame) await manager.streams.update(STREAM, { ...config, ...limits });
}

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import type { Clock } from "#shared/time/clock.ts";
import { type BusPayload, MESSAGE_BYTES_MAX, type PublishOptions } from "./bus.ts";
import { PRIORITY_MAX, PRIORITY_USUAL } from "./outgoing-queue.ts";

/** Who tells what where. */
export interface Letterhead {
  readonly topic: string;
  readonly source: string;
  readonly epoch: number;
  readonly clock: Pick<Clock, "wallMs">;
}

/** A message of this moment; throws when topic or priority are none. */
export function createMessage(
  { topic, source, epoch, clock }: Letterhead,
  payload: BusPayload,
  { id = crypto.randomUUID(), priority }: PublishOptions,
): BusMessage {
  checkName(topic);
  const timeMs = BigInt(Math.trunc(clock.wallMs()));
  const message = { id, topic, source, epoch, timeMs, payload };
  return create(BusMessageSchema, { ...message, priority: checkPriority(priority) });
}

/** Throws when it is larger than any bus takes. */
export function encodeMessage(message: BusMessage): Uint8Array<ArrayBuffer> {
  const bytes = toBinary(BusMessageSchema, message);
  if (bytes.length <= MESSAGE_BYTES_MAX) return bytes;
  throw new Error(
    `cannot tell ${message.topic}: the message has ${bytes.length} bytes; at most are ` +
      `${MESSAGE_BYTES_MAX}, so split it`,
  );
}

/** Undefined for what is no message of this house. */
export function decodeMessage(bytes: Uint8Array): BusMessage | undefined {
  try {
    return fromBinary(BusMessageSchema, bytes);
  } catch {
    return undefined; // Somebody else writes there too; that is theirs.
  }
}

/** The usual one when none is given. */
export function checkPriority(priority: number = PRIORITY_USUAL): number {
  if (Number.isInteger(priority) && priority >= 0 && priority <= PRIORITY_MAX) return priority;
  throw new Error(`cannot use priority ${priority}: allowed is a whole number from 0 to 9`);
}

/** Names go into keys and subjects of every broker. */
export function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,99}$/.test(name)) return;
  throw new Error(`cannot use the name ${JSON.stringify(name)}: allowed are a-z, 0-9 and dashes`);
}

import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import { TOPIC_REGION } from "#shared/infra/bus/bus.ts";

type Payload = NonNullable<MessageInitShape<typeof BusMessageSchema>["payload"]>;

/** What region sync needs of a bus. */
export interface RegionLink {
  /** May be lost; what has a lower priority than the usual 5 first. */
  publish(topic: string, payload: Payload, options?: { readonly priority?: number }): void;
  subscribe(topic: string, handler: (message: BusMessage) => void): () => void;
  /** Must arrive; rejects when it may not have. */
  send(topic: string, payload: Payload, options?: { readonly id?: string }): Promise<void>;
  /** Hands over what was sent, again until the handler returns. */
  consume(
    topic: string,
    options: { readonly name: string; readonly from?: "start" | "now"; readonly batchMax?: number },
    handler: (messages: readonly BusMessage[]) => Promise<void> | void,
  ): () => Promise<void>;
}

/** Where the batches of a mirrored world go, such as `blocks:1`. */
export function batchTopicOf(world: string): string {
  return `${TOPIC_REGION}${world.replaceAll(":", "-")}`;
}

/** Where its regions tell how they are and compare what they have. */
export function liveTopicOf(world: string): string {
  return `${batchTopicOf(world)}-live`;
}

/** Where its regions tell who is in them. */
export function ghostTopicOf(world: string): string {
  return `${batchTopicOf(world)}-ghosts`;
}

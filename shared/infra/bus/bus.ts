import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";

/** What a message can carry: one case of BusMessage.payload. */
export type BusPayload = NonNullable<MessageInitShape<typeof BusMessageSchema>["payload"]>;

export type BusHandler = (message: BusMessage) => void;

/** Topics in use; a topic is an exact name. */
export const TOPIC_SHARDS = "shards";
export const TOPIC_SESSIONS = "sessions";
export const TOPIC_PLAYERS = "players";
export const TOPIC_KILLS = "kills";
export const TOPIC_EVENTS = "events";
/** What staff wants of shards, and what they say to it. */
export const TOPIC_COMMANDS = "commands";
export const TOPIC_ANSWERS = "answers";
/** What players say, and what concerns who may. */
export const TOPIC_CHAT = "chat";

/** Carries messages between the processes of a deployment, each to all subscribers of its topic. */
export interface Bus {
  /** Whether messages reach the other processes at this moment. */
  readonly connected: boolean;
  /** Rises with each connection: what was published shortly before may be lost. */
  readonly connections: number;
  /**
   * Never throws and never waits; what happens while disconnected is said by the
   * implementation. A message that may be told twice comes with its own id, a UUID.
   */
  publish(topic: string, payload: BusPayload, id?: string): void;
  /** Calls `handler` for each message on `topic` until the result is called. */
  subscribe(topic: string, handler: BusHandler): () => void;
  close(): Promise<void>;
}

/** The subscriptions of one process: topic to handlers. */
export class BusSubscriptions {
  readonly #handlers = new Map<string, Set<BusHandler>>();

  /** Adds a handler; the result removes it. */
  add(topic: string, handler: BusHandler): () => void {
    const handlers = this.#handlers.get(topic) ?? new Set();
    handlers.add(handler);
    this.#handlers.set(topic, handlers);
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0) this.#handlers.delete(topic);
    };
  }

  deliver(message: BusMessage): void {
    for (const handler of this.#handlers.get(message.topic) ?? []) handler(message);
  }

  get topics(): string[] {
    return [...this.#handlers.keys()];
  }
}

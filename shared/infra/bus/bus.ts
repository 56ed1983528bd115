import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BusMessage, BusMessageSchema } from "#proto/bus_pb.ts";
import type { BusFigures } from "./bus-figures.ts";
import type { Presence, PresenceSet } from "./presence.ts";

/** What a message can carry: one case of BusMessage.payload. */
export type BusPayload = NonNullable<MessageInitShape<typeof BusMessageSchema>["payload"]>;

export type BusHandler = (message: BusMessage) => void;

/** Returns once it has dealt with all of them for good; when it throws, they come again. */
export type ConsumeHandler = (messages: readonly BusMessage[]) => Promise<void> | void;

// Topics that may lose a message (publish, subscribe). Each says how whoever missed one learns.
/** How shards are; told every second. */
export const TOPIC_SHARDS = "shards";
/** Sessions that must end; shards also ask the server every few seconds. */
export const TOPIC_SESSIONS = "sessions";
/** Names of players; a join reads them from the database. */
export const TOPIC_PLAYERS = "players";
/** What staff wants of shards, and what they say to it; staff sees that no answer came. */
export const TOPIC_COMMANDS = "commands";
export const TOPIC_ANSWERS = "answers";
/** What players say, and what concerns who may; the history is in the database. */
export const TOPIC_CHAT = "chat";
/** Where players are; told again every ten seconds. */
export const TOPIC_POSITIONS = "positions";
/** What others keep and must read anew; it is believed for half a minute at most. */
export const TOPIC_CACHE = "cache";

// Topics whose messages must arrive (send, consume).
/** Kills, from a shard's outbox to the event log. */
export const TOPIC_KILLS = "kills";
/** The event log as it grows, for whoever else wants all of it. */
export const TOPIC_EVENTS = "events";

/** Topics of what goes between the regions of mirrored worlds begin so. */
export const TOPIC_REGION = "region-";

/** All other topics of this house. */
export const TOPICS: readonly string[] = [
  TOPIC_SHARDS,
  TOPIC_SESSIONS,
  TOPIC_PLAYERS,
  TOPIC_COMMANDS,
  TOPIC_ANSWERS,
  TOPIC_CHAT,
  TOPIC_POSITIONS,
  TOPIC_CACHE,
  TOPIC_EVENTS,
  TOPIC_KILLS,
];

/** Encoded; a larger message is refused with an error that says so. */
export const MESSAGE_BYTES_MAX = 512 * 1024;

export interface PublishOptions {
  /** For a message that may be told twice: the same UUID each time. A new one if not given. */
  readonly id?: string | undefined;
  /** 0 to 9, 5 if not given: who goes first, and stays longest, where there is no room. */
  readonly priority?: number | undefined;
}

export interface ConsumeOptions {
  /**
   * Names a place in the topic that is kept while nobody consumes. Processes that consume under one
   * name share the messages; each name gets all of them.
   */
  readonly name: string;
  /** Handled at once, at most; 100 if not given. */
  readonly batchMax?: number | undefined;
  /** Where a name that is new begins: with all that is kept (the default), or with what comes. */
  readonly from?: "start" | "now" | undefined;
}

/**
 * Carries messages between the processes of a deployment, in two ways. What may be lost is
 * published to whoever subscribes at that moment, the publisher itself excepted. What must arrive
 * is sent and consumed: at least once, kept while nobody consumes, for a day or up to a bound.
 */
export interface Bus {
  readonly kind: "local" | "redis" | "nats";
  /** Whether messages reach the other processes at this moment. */
  readonly connected: boolean;
  /** Rises with each connection: what was published shortly before may be lost. */
  readonly connections: number;
  /** Why messages do not reach the others, for people; undefined while they do. */
  readonly trouble: string | undefined;
  /** Of the lease under which this process speaks; 0 for none. Stands in each message. */
  epoch: number;
  readonly figures: BusFigures;
  /**
   * Never waits, and throws only for what no bus takes, such as a message that is too large. While
   * disconnected, messages wait in a bounded queue (see outgoing-queue.ts for what is dropped at
   * the bound).
   */
  publish(topic: string, payload: BusPayload, options?: PublishOptions): void;
  /** Calls `handler` for each message on `topic` until the result is called. */
  subscribe(topic: string, handler: BusHandler): () => void;
  /**
   * Resolves when the bus holds the message. Rejects with an Error within a bounded time; the
   * message may have arrived all the same, so it is to be sent again with the same id, of which
   * consumers are told once, if it comes within minutes. In one machine's own bus it resolves when
   * all consumers that are there have dealt with it.
   */
  send(topic: string, payload: BusPayload, options?: PublishOptions): Promise<void>;
  /**
   * Calls `handler` with messages that were sent, this process's own included: in order while one
   * process consumes under the name and no connection is lost. They are done when it returns. When
   * it throws, or this process ends before, they come again, to this or another process: it must
   * take what it has had before. The result ends it, once the handler has returned.
   */
  consume(topic: string, options: ConsumeOptions, handler: ConsumeHandler): () => Promise<void>;
  /** Entries that vanish unless whoever put them there says so again in time. */
  presence(set: PresenceSet): Presence;
  /** What others publish and `accepts` refuses reaches no subscriber here. */
  guard(accepts: (message: BusMessage) => boolean): void;
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

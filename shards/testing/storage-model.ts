import type { LoadedMessage, LoadRequest, LoopStorage, TickRecord } from "../loop/messages.ts";

export interface StorageModelOptions {
  /** Takes answers to load requests. */
  loaded: (message: LoadedMessage) => void;
  /** A tick is in the database. */
  committed: (tick: number) => void;
}

/** What storage does, in maps and as slowly as one likes: it works only when it is told to. */
export class StorageModel implements LoopStorage {
  /** What is kept of players who left. */
  readonly kept = new Map<string, Uint8Array>();
  /** Resume tokens' hashes, by player. */
  readonly tokens = new Map<string, string>();
  readonly #usedTickets = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #options: StorageModelOptions;
  /** Ticks whose commit waits. */
  uncommittedTicks = 0;

  constructor(options: StorageModelOptions) {
    this.#options = options;
  }

  /** Does the oldest `count` of the things that wait, all when it is not given. */
  work(count = this.#waiting.length): void {
    for (const job of this.#waiting.splice(0, count)) job();
  }

  load(request: LoadRequest): void {
    this.#waiting.push(() => this.#load(request));
  }

  commit(record: TickRecord): void {
    this.uncommittedTicks += 1;
    this.#waiting.push(() => this.#commit(record));
  }

  readonly isSavingSnapshot = false;

  snapshot(): void {
    // The journal is all that this model needs.
  }

  #load({ connection, playerId, ticket }: LoadRequest): void {
    const ticketFresh = ticket === undefined || !this.#usedTickets.has(ticket.id);
    if (ticket !== undefined) this.#usedTickets.add(ticket.id);
    const state = this.kept.get(playerId);
    this.#options.loaded({ kind: "loaded", connection, ticketFresh, state, answers: [] });
  }

  #commit({ tick, departed, sessions }: TickRecord): void {
    this.uncommittedTicks -= 1;
    for (const { playerId, state } of departed) this.kept.set(playerId, state);
    for (const { playerId, tokenHash } of sessions) {
      if (tokenHash === undefined) this.tokens.delete(playerId);
      else this.tokens.set(playerId, tokenHash);
    }
    this.#options.committed(tick);
  }
}

import type {
  DurableAnswer,
  LoadedMessage,
  LoadRequest,
  LoopStorage,
  TickRecord,
} from "../loop/messages.ts";

/** As many of a player's answers as a load finds. */
const ANSWERS_MAX = 64;

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
  /** Ticks in the database. */
  readonly journal: TickRecord[] = [];
  /** What durable actions led to, the oldest first. */
  readonly answers: DurableAnswer[] = [];
  readonly #usedTickets = new Set<string>();
  #waiting: (() => void)[] = [];
  /** Nobody is told of anything. */
  #isMute = false;
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

  /**
   * The process dies: of what waits, the oldest `count` things are still done, and nobody is told
   * of them.
   */
  crash(count: number): void {
    this.#isMute = true;
    this.work(Math.min(count, this.#waiting.length));
    this.#isMute = false;
    this.#waiting = [];
    this.uncommittedTicks = 0;
  }

  /** What is known of a player's actions, the oldest first. */
  answersOf(playerId: string): DurableAnswer[] {
    return this.answers.filter((answer) => answer.playerId === playerId).slice(-ANSWERS_MAX);
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
    if (this.#isMute) return;
    const state = this.kept.get(playerId);
    const answers = this.answersOf(playerId);
    this.#options.loaded({ kind: "loaded", connection, ticketFresh, state, answers });
  }

  #commit(record: TickRecord): void {
    const { tick, departed, sessions, answers } = record;
    this.uncommittedTicks -= 1;
    this.journal.push(record);
    this.answers.push(...answers);
    for (const { playerId, state } of departed) this.kept.set(playerId, state);
    for (const { playerId, tokenHash } of sessions) {
      if (tokenHash === undefined) this.tokens.delete(playerId);
      else this.tokens.set(playerId, tokenHash);
    }
    if (!this.#isMute) this.#options.committed(tick);
  }
}

import { ActionError, type Client, createClient, type Session } from "../../../client/index.ts";
import type { CreditBook } from "./credit-book.ts";

/** What a giver needs to know of the others. */
export interface Circle {
  readonly book: CreditBook;
  /** Entity of a giver, by its number. */
  entityOf(index: number): number;
  /** Another giver's number, by chance. */
  choose(besides: number): number;
  /** Called at each answer. */
  answered(): void;
  /** Called before that, for what was done. */
  done?(gift: Gift): void;
}

/** What a giver was told of a gift. */
export interface Gift {
  readonly from: number;
  readonly to: number;
  /** In which it was done. */
  readonly tick: number;
  /** How often the giver had come back when it was told. */
  readonly life: number;
}

/** A player who gives credits away, one after the other, and notes what the shard says of each. */
export class Giver {
  readonly index: number;
  readonly #client: Client;
  #session: Session | undefined;
  #giving: Promise<void> | undefined;
  #wantsMore = false;
  /** Answers that never came, with what the client said. */
  readonly failures: string[] = [];

  constructor(index: number, options: { url: string; random: () => number }) {
    this.index = index;
    const kept = new Map<string, string>();
    this.#client = createClient({
      ...options,
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
    });
  }

  async join(): Promise<void> {
    await this.#client.guest({ displayName: `Giver ${this.index}` });
    this.#session = await this.#client.join("arena");
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error("cannot use giver: it has not joined");
    return this.#session;
  }

  /** As the shard last told its player. */
  get credits(): number {
    return this.session.selfState.credits;
  }

  /**
   * Whether the server says that the player is in a world, connected; undefined when it does not
   * know, or does not answer.
   */
  async isSeen(): Promise<boolean | undefined> {
    const { player, api } = this.#client;
    if (player === null) return undefined;
    try {
      const { place, fresh } = await api.presence.get.query({ playerId: player.id });
      return fresh ? place?.connected === true : undefined;
    } catch {
      return undefined;
    }
  }

  /** Gives on and on until `rest`. */
  start(circle: Circle): void {
    this.#wantsMore = true;
    this.#giving = this.#give(circle);
  }

  /** Stops giving; resolves when the last gift was answered. */
  async rest(): Promise<void> {
    this.#wantsMore = false;
    await this.#giving;
  }

  async #give(circle: Circle): Promise<void> {
    while (this.#wantsMore) {
      const to = circle.choose(this.index);
      try {
        const gift = { case: "give", entity: circle.entityOf(to) } as const;
        const { tick } = await this.session.perform(gift);
        circle.book.note(this.index, to, true);
        circle.done?.({ from: this.index, to, tick, life: this.session.stats.reconnects });
      } catch (error) {
        if (!(error instanceof ActionError) || error.problem !== "refused") {
          this.failures.push(error instanceof Error ? error.message : String(error));
          return;
        }
        circle.book.note(this.index, to, false);
      }
      circle.answered();
    }
  }
}

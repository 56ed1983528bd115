// Who may speak and whom each player wants to hear, for those who are here.
//
// The server decides on mutes and blocks; a shard has to know them for every line, at once, and
// while the server is away. So it asks about each player who comes, keeps the answer for as long as
// the player is here, asks again when the bus says that something changed, and once in a while in
// any case, since the bus may lose a message. An old answer holds until a newer one comes.
import { STANDINGS_ASKED_MAX, type Standing } from "#shared/model/chat-relay.ts";
import type { Clock } from "#shared/time/clock.ts";
import type { ChatServer } from "./chat-server.ts";

/** An answer is asked for again after so long: what the bus lost is learned by then. */
export const STANDING_MS_MAX = 30_000;
/** After a question that was not answered. */
const STANDINGS_RETRY_MS = 1_000;

/** What is known of one player. */
export interface KnownStanding {
  /** As others are shown it. */
  readonly name: string;
  readonly mute: Standing["mute"];
  /** Players who are not heard. */
  readonly blocks: ReadonlySet<string>;
}

interface Entry extends KnownStanding {
  readonly learnedMs: number;
}

const NOBODY: ReadonlySet<string> = new Set();

export interface StandingsOptions {
  readonly clock: Clock;
  /** Undefined: nobody is ever known. */
  readonly server: Pick<ChatServer, "listStandings"> | undefined;
  readonly isHere: (playerId: string) => boolean;
}

/** What is kept is bounded by who is here. */
export class PlayerStandings {
  readonly #options: StandingsOptions;
  /** The oldest answer first. */
  readonly #known = new Map<string, Entry>();
  readonly #unasked = new Set<string>();
  #isAsking = false;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(options: StandingsOptions) {
    this.#options = options;
  }

  /** Undefined until the server has told. */
  of(playerId: string): KnownStanding | undefined {
    return this.#known.get(playerId);
  }

  /** The player came, or something about it changed. */
  ask(playerId: string): void {
    if (this.#options.isHere(playerId)) this.#unasked.add(playerId);
  }

  forget(playerId: string): void {
    this.#known.delete(playerId);
    this.#unasked.delete(playerId);
  }

  /** Asks if there is something to ask; to be called often. */
  turn(): void {
    const { server, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (server === undefined || this.#isAsking || nowMs < this.#nextMs) return;
    const players = this.#choose(nowMs);
    if (players.length > 0) void this.#learn(server, players);
  }

  #choose(nowMs: number): string[] {
    const players = [...this.#unasked].slice(0, STANDINGS_ASKED_MAX);
    for (const [playerId, { learnedMs }] of this.#known) {
      if (players.length >= STANDINGS_ASKED_MAX || nowMs - learnedMs < STANDING_MS_MAX) break;
      if (!this.#unasked.has(playerId)) players.push(playerId);
    }
    // What changes from here on has to be asked about once more.
    for (const playerId of players) this.#unasked.delete(playerId);
    return players;
  }

  async #learn(server: Pick<ChatServer, "listStandings">, players: string[]): Promise<void> {
    this.#isAsking = true;
    try {
      const standings = await server.listStandings(players);
      const learnedMs = this.#options.clock.monotonicMs();
      for (const { playerId, name, mute, blocks } of standings) {
        this.#known.delete(playerId);
        if (!this.#options.isHere(playerId)) continue;
        const heard = blocks.length === 0 ? NOBODY : new Set(blocks);
        this.#known.set(playerId, { name, mute, blocks: heard, learnedMs });
      }
    } catch {
      // The server is away, which every line that needs it tells its sender.
      for (const playerId of players) this.ask(playerId);
      this.#nextMs = this.#options.clock.monotonicMs() + STANDINGS_RETRY_MS;
    }
    this.#isAsking = false;
  }
}

import type { Random } from "#shared/sim/index.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Client } from "../sdk/client-types.ts";
import { playArena } from "./arena-play.ts";
import { playBlocks } from "./blocks-play.ts";
import type { BotPlay, PlayOptions } from "./bot-play.ts";
import type { BotWorld } from "./options.ts";

export interface BotDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly name: string;
  readonly worldId: BotWorld;
  readonly region: string | undefined;
}

/** How a bot plays in each world. */
const PLAYS: Record<BotWorld, (client: Client, options: PlayOptions) => Promise<BotPlay>> = {
  arena: playArena,
  blocks: playBlocks,
};

/** A thought every so often; nobody decides sixty times a second. */
const THINK_MS = 220;
const THINK_JITTER_MS = 60;
/** Waits between two attempts to get into the world. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 10_000;

/** One bot: a guest that joins, plays, and comes back for as long as it is not stopped. */
export class Bot {
  readonly #deps: BotDeps;
  #play: BotPlay | undefined;
  #cancel: CancelTimer | undefined;
  #failures = 0;
  #stopped = false;
  /** Why the last attempt failed; undefined while all is well. */
  trouble: string | undefined;

  constructor(deps: BotDeps) {
    this.#deps = deps;
  }

  get playing(): boolean {
    return this.#play?.session.status === "playing";
  }

  start(afterMs: number): void {
    this.#plan(afterMs, () => void this.#join());
  }

  /** Leaves the world. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#play?.session.leave();
  }

  async #join(): Promise<void> {
    const { client, name, worldId, region, clock, random } = this.#deps;
    try {
      await client.guest({ displayName: name });
      const where = region === undefined ? {} : { region };
      const play = await PLAYS[worldId](client, { random, clock, where });
      if (this.#stopped) return void play.session.leave();
      this.#begin(play);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(this.#failures, 8));
      this.#failures += 1;
      this.#plan(waitMs / 2 + this.#deps.random.below(waitMs / 2), () => void this.#join());
    }
  }

  #begin(play: BotPlay): void {
    const { random } = this.#deps;
    this.#play = play;
    this.#failures = 0;
    this.trouble = undefined;
    play.session.on("status", (status) => {
      if (status === "closed") this.start(RETRY_MS + random.below(RETRY_MS));
    });
    this.#think();
  }

  #think(): void {
    const play = this.#play;
    if (play === undefined || play.session.status === "closed") return;
    const { clock, random } = this.#deps;
    if (play.session.status === "playing") play.act(clock.monotonicMs());
    this.#plan(THINK_MS + random.below(THINK_JITTER_MS), () => this.#think());
  }

  #plan(delayMs: number, what: () => void): void {
    this.#cancel?.();
    if (!this.#stopped) this.#cancel = this.#deps.clock.schedule(delayMs, what);
  }
}

import type { Random } from "#shared/sim/index.ts";
import type { CancelTimer, Clock } from "#shared/time/clock.ts";
import type { Client } from "../sdk/client-types.ts";
import type { Session } from "../sdk/session-types.ts";
import { Mind } from "./mind.ts";

export interface BotDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly name: string;
  readonly worldId: string;
  readonly region: string | undefined;
}

/** A thought every so often; nobody decides sixty times a second. */
const THINK_MS = 220;
const THINK_JITTER_MS = 60;
/** Waits between two attempts to get into the world. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 10_000;
/** What it asks to see; less than a person does, and cheaper. */
const VIEWPORT = { width: 600, height: 450 };

/** One bot: a guest that joins, plays, and comes back for as long as it is not stopped. */
export class Bot {
  readonly #deps: BotDeps;
  #session: Session | undefined;
  #mind: Mind | undefined;
  #cancel: CancelTimer | undefined;
  #failures = 0;
  #stopped = false;
  /** Why the last attempt failed; undefined while all is well. */
  trouble: string | undefined;

  constructor(deps: BotDeps) {
    this.#deps = deps;
  }

  get playing(): boolean {
    return this.#session?.status === "playing";
  }

  start(afterMs: number): void {
    this.#plan(afterMs, () => void this.#join());
  }

  /** Leaves the world. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#session?.leave();
  }

  async #join(): Promise<void> {
    const { client, name, worldId, region } = this.#deps;
    try {
      await client.guest({ displayName: name });
      const where = region === undefined ? {} : { region };
      const session = await client.join(worldId, { viewport: VIEWPORT, ...where });
      if (this.#stopped) return void session.leave();
      this.#play(session);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(this.#failures, 8));
      this.#failures += 1;
      this.#plan(waitMs / 2 + this.#deps.random.below(waitMs / 2), () => void this.#join());
    }
  }

  #play(session: Session): void {
    const { clock, random } = this.#deps;
    const mind = new Mind({ random, world: session.parameters });
    this.#session = session;
    this.#mind = mind;
    this.#failures = 0;
    this.trouble = undefined;
    session.on("event", (event) => {
      if (event.type === "hit" && event.target === session.entityId) {
        mind.wasHit(event.attacker, clock.monotonicMs());
      }
    });
    session.on("status", (status) => {
      if (status === "closed") this.start(RETRY_MS + random.below(RETRY_MS));
    });
    this.#think();
  }

  #think(): void {
    const session = this.#session;
    if (session === undefined || session.status === "closed") return;
    const { clock, random } = this.#deps;
    if (session.status === "playing") this.#act(session, clock.monotonicMs());
    this.#plan(THINK_MS + random.below(THINK_JITTER_MS), () => this.#think());
  }

  #act(session: Session, nowMs: number): void {
    const decision = this.#mind?.think(session.sample(), nowMs);
    if (decision === undefined) return;
    session.setControls(decision.dx, decision.dy);
    if (decision.face !== null) session.face(decision.face);
    if (decision.attack) session.attack();
    // What comes of it shows by itself.
    if (decision.respawn && session.selfState.credits > 0) {
      session.perform({ case: "respawn" }).catch(() => undefined);
    }
  }

  #plan(delayMs: number, what: () => void): void {
    this.#cancel?.();
    if (!this.#stopped) this.#cancel = this.#deps.clock.schedule(delayMs, what);
  }
}

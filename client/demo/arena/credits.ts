/** What the player does with respawn credits: return at once, or give one away. */
import { ActionError, type Session } from "../../index.ts";
import type { EntityView } from "../../sdk/session-types.ts";

/** What is wanted in one frame. */
export interface CreditWish {
  /** Pay to live again. */
  readonly respawn: boolean;
  /** Give a credit to whoever is nearest. */
  readonly give: boolean;
}

export type CreditSession = Pick<Session, "selfState" | "perform">;

/** Carries out the wishes, one of a kind at a time, and says in words what came of them. */
export class Credits {
  readonly #tell: (text: string) => void;
  #returning = false;
  #giving = false;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** Whether a return is paid for and not there yet. */
  get returning(): boolean {
    return this.#returning;
  }

  /** Pays for the return of one who is dead and can pay; else nothing happens. */
  async respawn(session: CreditSession): Promise<void> {
    const { respawnTick, credits } = session.selfState;
    if (respawnTick === 0 || credits === 0 || this.#returning) return;
    this.#returning = true;
    try {
      await session.perform({ case: "respawn" });
    } catch (error) {
      // One who lives again already got what it wanted, and the page tells when a session ends.
      if (!(error instanceof ActionError)) throw error;
    } finally {
      this.#returning = false;
    }
  }

  /** Gives a credit to whoever is nearest of those in sight. */
  async give(session: CreditSession, views: readonly EntityView[]): Promise<void> {
    if (this.#giving) return;
    const to = findNearest(views);
    if (to === null) return this.#tell("Nobody is near");
    if (session.selfState.credits === 0) return this.#tell("You have no credit to give");
    const { id, name } = to;
    this.#giving = true;
    try {
      await session.perform({ case: "give", entity: id });
      this.#tell(`You gave ${name} a credit`);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      if (error.reason === "UNAFFORDABLE") this.#tell("You have no credit to give");
      else if (error.problem === "refused") this.#tell(`${name} takes no more credits`);
    } finally {
      this.#giving = false;
    }
  }
}

function findNearest(views: readonly EntityView[]): EntityView | null {
  const self = views.find((view) => view.self);
  if (self === undefined) return null;
  const distance = ({ x, y }: EntityView) => Math.hypot(x - self.x, y - self.y);
  return views.reduce<EntityView | null>((nearest, view) => {
    if (view.self || (nearest !== null && distance(view) >= distance(nearest))) return nearest;
    return view;
  }, null);
}

/** What one does with one's hands: asks the session, shows the motion, and says what went wrong. */
import { Block, LAYER_ACTIVE, LAYER_FLOOR } from "#shared/sim/index.ts";
import type {
  BlocksDurableAction,
  BlocksPlaceView,
  BlocksSession,
} from "../../../sdk/blocks/blocks-session-types.ts";
import type { Figures } from "../scene/figures.ts";
import type { AimedBlock } from "./aim.ts";
import { refusalWords } from "./refusals.ts";

/** Seconds between two blows at a block, or two blocks set, while the button is held. */
const DIG_SECONDS = 0.24;
const BUILD_SECONDS = 0.18;
const STRIKE_SECONDS = 0.12;
/** Seconds before the same item on the ground is tried again. */
const RETRY_SECONDS = 1.5;
/** Actions without an answer; beyond it hands are full. */
const UNANSWERED_MAX = 4;

export interface HandsParts {
  readonly session: BlocksSession;
  readonly figures: Figures;
  /** Words for the player. */
  readonly tell: (text: string) => void;
  /** A block was struck or set, for dust and chips. */
  readonly onWork: (place: BlocksPlaceView, id: number) => void;
  /** Something was done, and is in the shard's database; `item` of what was used. */
  readonly onDone: (action: BlocksDurableAction, item: number) => void;
}

export class Hands {
  readonly #parts: HandsParts;
  readonly #triedSeconds = new Map<number, number>();
  #seconds = 0;
  #restSeconds = 0;
  #unanswered = 0;
  #rising = false;
  #toldSeconds = Number.NEGATIVE_INFINITY;

  constructor(parts: HandsParts) {
    this.#parts = parts;
  }

  advance(dt: number): void {
    this.#seconds += dt;
    this.#restSeconds -= dt;
    for (const [id, until] of this.#triedSeconds) {
      if (until < this.#seconds) this.#triedSeconds.delete(id);
    }
  }

  get #isFree(): boolean {
    return this.#restSeconds <= 0 && this.#unanswered < UNANSWERED_MAX;
  }

  /** Strikes somebody; the shard says whether that is near enough. */
  strike(entity: number): void {
    const { session, figures } = this.#parts;
    if (this.#restSeconds > 0) return;
    this.#restSeconds = STRIKE_SECONDS;
    if (session.stats.serverTick < session.selfState.attackReadyTick - 3) return;
    session.attack(entity);
    figures.strike(session.entityId);
  }

  /** One blow at a block; who holds the button is told nothing of what comes behind it. */
  dig({ place, id, inReach }: AimedBlock, isHeld = false): void {
    if (!this.#isFree) return;
    if (id === Block.Air || id === Block.Water || id === Block.DeepWater) return;
    if (!inReach) {
      if (!isHeld) this.#tell("Too far away");
      return;
    }
    this.#restSeconds = DIG_SECONDS;
    this.#work(place, id);
    this.#perform({ case: "buildBreak", place });
  }

  /** Sets a block out of a slot. */
  build({ place, id, inReach }: AimedBlock, slot: number, item: number): void {
    if (!this.#isFree || id !== Block.Air) return;
    if (!inReach) {
      this.#tell("Too far away");
      return;
    }
    this.#restSeconds = BUILD_SECONDS;
    this.#work(place, item);
    this.#perform({ case: "buildPlace", place, slot });
  }

  /** Uses an item on a block: what stands there, else the ground. */
  useOn({ place, id, inReach }: AimedBlock, slot: number): void {
    if (!this.#isFree) return;
    if (!inReach) {
      this.#tell("Too far away");
      return;
    }
    this.#restSeconds = BUILD_SECONDS;
    const stands = place.layer !== LAYER_ACTIVE || id !== Block.Air;
    const on = stands ? place : { ...place, layer: LAYER_FLOOR };
    this.#work(on, id);
    this.#perform({ case: "useItem", slot, place: on });
  }

  /** Eats or drinks. */
  useOnSelf(slot: number): void {
    if (!this.#isFree) return;
    this.#restSeconds = BUILD_SECONDS * 2;
    this.#perform({ case: "useItem", slot });
  }

  interactWith(entity: number, choice = 0): void {
    this.#perform({ case: "interact", entity, ...(choice > 0 && { choice }) });
  }

  interactAt(place: BlocksPlaceView, choice = 0): void {
    this.#parts.figures.strike(this.#parts.session.entityId);
    this.#perform({ case: "interact", place, ...(choice > 0 && { choice }) });
  }

  /** Takes what lies there; one that was just tried is left alone for a moment. */
  pickUp(entity: number, quietly: boolean): void {
    if (this.#triedSeconds.has(entity) || this.#unanswered >= UNANSWERED_MAX) return;
    this.#triedSeconds.set(entity, this.#seconds + RETRY_SECONDS);
    this.#perform({ case: "pickup", entity }, quietly);
  }

  drop(slot: number, count: number, at: { readonly x: number; readonly y: number }): void {
    const place = { x: Math.floor(at.x), y: Math.floor(at.y) };
    this.#perform({ case: "drop", slot, ...(count > 0 && { count }), ...place });
  }

  /** Asked for once until the answer is here, however often the key is pressed. */
  respawn(): void {
    if (this.#rising) return;
    this.#rising = true;
    this.#perform({ case: "respawn" }).finally(() => {
      this.#rising = false;
    });
  }

  /** The way back to life was asked for, and the shard has not answered yet. */
  get isRising(): boolean {
    return this.#rising;
  }

  #work(place: BlocksPlaceView, id: number): void {
    const { figures, session, onWork } = this.#parts;
    figures.strike(session.entityId);
    onWork(place, id);
  }

  #perform(action: BlocksDurableAction, quietly = false): Promise<void> {
    const { session, onDone } = this.#parts;
    const slot = "slot" in action ? session.selfState.inventory[action.slot] : undefined;
    this.#unanswered += 1;
    return session
      .perform(action)
      .then(() => onDone(action, slot?.item ?? 0))
      .catch((error: unknown) => {
        const words = refusalWords(error);
        if (words !== null && !quietly) this.#tell(words);
      })
      .finally(() => {
        this.#unanswered -= 1;
      });
  }

  /** The same is not said again and again. */
  #tell(text: string): void {
    if (this.#seconds - this.#toldSeconds < 1) return;
    this.#toldSeconds = this.#seconds;
    this.#parts.tell(text);
  }
}

import { Block, BlocksKind, isPlaceable, type Random } from "#shared/sim/index.ts";
import type {
  BlocksEntityView,
  BlocksPlaceView,
  BlocksSession,
  BlocksWorldView,
} from "../sdk/blocks/blocks-session-types.ts";
import type { Client } from "../sdk/client-types.ts";
import type { BotPlay, PlayOptions } from "./bot-play.ts";

/** Blocks that it asks to see. */
const VIEWPORT = { width: 24, height: 18 };
/** Of a hundred thoughts, those in which it does something with its hands. */
const BUSY = 12;
/** How far it builds, in blocks; the rules allow a little more. */
const REACH = 3;
const ACTIVE = 1;
const CEILING = 2;

/** A bot's stay in a world of blocks: it walks about, digs, builds and takes what lies there. */
export async function playBlocks(client: Client, { random, where }: PlayOptions): Promise<BotPlay> {
  const session = await client.join("blocks", { viewport: VIEWPORT, ...where });
  const settler = new Settler(session, random);
  return { session, act: (nowMs) => settler.act(nowMs) };
}

/** What it is like to live there. */
class Settler {
  readonly #session: BlocksSession;
  readonly #random: Random;
  #walkUntilMs = 0;

  constructor(session: BlocksSession, random: Random) {
    this.#session = session;
    this.#random = random;
  }

  act(nowMs: number): void {
    const view = this.#session.sample(nowMs);
    const { self } = view;
    if (self === null) return;
    if (this.#session.selfState.health === 0) {
      this.#try(this.#session.perform({ case: "respawn" }));
      return;
    }
    this.#wander(nowMs);
    if (this.#random.below(100) < BUSY) this.#work(view, self);
  }

  #wander(nowMs: number): void {
    if (nowMs < this.#walkUntilMs) return;
    this.#walkUntilMs = nowMs + 600 + this.#random.below(2_400);
    const rests = this.#random.below(3) === 0;
    const axis = () => (rests ? 0 : this.#random.below(3) - 1);
    this.#session.setControls(axis(), axis());
  }

  #work(view: BlocksWorldView, self: BlocksEntityView): void {
    const lying = view.others.find((other) => {
      return other.kind === BlocksKind.Item && Math.hypot(other.x - self.x, other.y - self.y) < 1.8;
    });
    if (lying !== undefined) {
      this.#try(this.#session.perform({ case: "pickup", entity: lying.id }));
      return;
    }
    const place = this.#placeNear(self);
    const block = view.land.block(place.x, place.y, place.layer);
    if (block === null) return;
    if (block.id !== Block.Air) this.#try(this.#session.perform({ case: "buildBreak", place }));
    else this.#build(place);
  }

  #build(place: BlocksPlaceView): void {
    const { inventory } = this.#session.selfState;
    const slot = inventory.findIndex(({ item, count }) => count > 0 && isPlaceable(item));
    if (slot !== -1) this.#try(this.#session.perform({ case: "buildPlace", place, slot }));
  }

  #placeNear({ x, y }: BlocksEntityView): BlocksPlaceView {
    const away = () => this.#random.below(2 * REACH + 1) - REACH;
    return {
      x: Math.max(0, Math.floor(x) + away()),
      y: Math.max(0, Math.floor(y) + away()),
      layer: this.#random.below(3) === 0 ? CEILING : ACTIVE,
    };
  }

  /** What is refused is refused; somebody else was there first. */
  #try(outcome: Promise<unknown>): void {
    outcome.catch(() => undefined);
  }
}

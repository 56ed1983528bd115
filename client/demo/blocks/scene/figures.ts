/**
 * Everything that moves in a world of blocks, told in the arena's units and words: so the binding,
 * the labels and the crowd show it as they show the arena's players.
 */
import { BlocksKind, healthMaxOf } from "#shared/sim/index.ts";
import type { BoundSession } from "../../../playcanvas/index.ts";
import type { BlocksEntityView, BlocksSession } from "../../../sdk/blocks/blocks-session-types.ts";
import type { ArenaView, EntityView, SessionStatus } from "../../../sdk/session-types.ts";
import { BLOCK } from "../scale.ts";

/** An entity as the scene draws it. The object is used again in the next frame. */
export interface Figure extends EntityView {
  readonly kind: number;
  /** Without where it lives: who is seen from another region looks as at home. */
  readonly ownName: string;
  /** 0 to 7, from east over south. */
  readonly facing: number;
  /** `BlocksMood`. */
  readonly mood: number;
  readonly item: number;
  readonly count: number;
  /** It lives in another region, and is only seen here. */
  readonly ghost: boolean;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** How much is drawn of those who live in another region. */
export const GHOST_ALPHA = 0.6;
/** Seconds that a blow is seen. */
const BLOW_SECONDS = 0.4;
/** Blocks a second below which somebody stands. */
const STILL = 0.15;

const TITLES: ReadonlyMap<number, string> = new Map([
  [BlocksKind.Villager, "Villager"],
  [BlocksKind.Trader, "Trader"],
  [BlocksKind.Guard, "Guard"],
  [BlocksKind.Monster, "Monster"],
]);

/** What a binding asks of a session, by way of one in a world of blocks. */
export class Figures implements BoundSession {
  readonly #session: BlocksSession;
  readonly #known = new Map<number, Mutable<Figure>>();
  readonly #blows = new Map<number, number>();
  readonly #view: { tick: number; self: EntityView | null; others: EntityView[] };
  #seconds = 0;
  #frame = 0;
  readonly #seen = new Map<number, number>();

  constructor(session: BlocksSession) {
    this.#session = session;
    this.#view = { tick: 0, self: null, others: [] };
  }

  get status(): SessionStatus {
    return this.#session.status;
  }

  /** Somebody in sight. */
  get(id: number): Figure | undefined {
    return this.#known.get(id);
  }

  /** Everybody and everything in sight. */
  all(): Iterable<Figure> {
    return this.#known.values();
  }

  /** Shows that somebody strikes or works. */
  strike(id: number): void {
    this.#blows.set(id, this.#seconds + BLOW_SECONDS);
  }

  advance(dt: number): void {
    this.#seconds += dt;
    for (const [id, end] of this.#blows) if (end < this.#seconds) this.#blows.delete(id);
  }

  sample(): ArenaView {
    const { tick, self, others } = this.#session.sample();
    this.#frame += 1;
    this.#view.tick = tick;
    this.#view.self = self === null ? null : this.#figureOf(self);
    this.#view.others.length = 0;
    for (const other of others) this.#view.others.push(this.#figureOf(other));
    for (const [id, frame] of this.#seen) {
      if (frame === this.#frame) continue;
      this.#seen.delete(id);
      this.#known.delete(id);
    }
    return this.#view;
  }

  #figureOf(from: BlocksEntityView): Figure {
    const known = this.#known.get(from.id);
    const figure = known ?? { ...BLANK, id: from.id };
    this.#known.set(from.id, figure);
    this.#seen.set(from.id, this.#frame);
    const title = TITLES.get(from.kind) ?? from.name;
    figure.ghost = from.home !== "";
    figure.ownName = from.name;
    figure.name = figure.ghost && title !== "" ? `${title} · ${from.home}` : title;
    figure.kind = from.kind;
    figure.x = from.x * BLOCK;
    figure.y = from.y * BLOCK;
    figure.dx = Math.abs(from.vx) < STILL ? 0 : Math.sign(from.vx);
    figure.dy = Math.abs(from.vy) < STILL ? 0 : Math.sign(from.vy);
    if (from.serverX !== undefined && from.serverY !== undefined) {
      figure.serverX = from.serverX * BLOCK;
      figure.serverY = from.serverY * BLOCK;
    }
    figure.facing = from.facing;
    // Up and down keep the side on which one looked before.
    if (from.facing % 4 !== 2) figure.facingRight = from.facing < 2 || from.facing > 6;
    figure.mood = from.state;
    figure.item = from.item;
    figure.count = from.count;
    figure.self = from.self;
    figure.health = healthOf(from);
    figure.state = this.#stateOf(figure);
    return figure;
  }

  #stateOf(figure: Figure): EntityView["state"] {
    if (figure.health <= 0) return "dead";
    if (this.#blows.has(figure.id)) return "attacking";
    return figure.dx !== 0 || figure.dy !== 0 ? "moving" : "idle";
  }
}

const BLANK: Mutable<Figure> = {
  id: 0,
  name: "",
  x: 0,
  y: 0,
  dx: 0,
  dy: 0,
  facingRight: true,
  state: "idle",
  health: 100,
  score: 0,
  self: false,
  kind: 0,
  ownName: "",
  facing: 2,
  mood: 0,
  item: 0,
  count: 0,
  ghost: false,
};

/** In parts of a hundred of what its kind has. */
function healthOf({ kind, wounds }: BlocksEntityView): number {
  if (kind === BlocksKind.Item || wounds === 0) return 100;
  const most = Math.max(1, healthMaxOf(kind));
  return Math.max(0, Math.round((100 * (most - wounds)) / most));
}

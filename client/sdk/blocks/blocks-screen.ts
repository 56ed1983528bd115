import type { Mirror } from "../mirror.ts";
import type { BlocksEntityView, BlocksLandView, BlocksWorldView } from "./blocks-session-types.ts";
import type { BlocksPlacement, BlocksTrack } from "./blocks-track.ts";
import type { BlocksTypes } from "./blocks-types.ts";

/** Hundredths in a block. */
const UNIT = 100;
/** Parts of a hundredth in which velocities are told. */
const PARTS = 64;
/** Of players. */
const KIND_PLAYER = 1;
const HEALTH_MAX = 100;

/** A view before its first use. */
class Figure implements BlocksEntityView {
  id = 0;
  kind = 0;
  name = "";
  x = 0;
  y = 0;
  vx = 0;
  vy = 0;
  facing = 0;
  state = 0;
  wounds = 0;
  item = 0;
  count = 0;
  home = "";
  self = false;
  serverX?: number;
  serverY?: number;
}

/** Draws a mirror's knowledge as it is to be seen at a moment. Its objects are reused. */
export class BlocksScreen {
  readonly #self = new Figure();
  readonly #pool: Figure[] = [];
  readonly #others: Figure[] = [];
  /** Reused. */
  #placement: BlocksPlacement | undefined;
  readonly #view: {
    tick: number;
    self: BlocksEntityView | null;
    others: BlocksEntityView[];
    land: BlocksLandView;
  };

  constructor(land: BlocksLandView) {
    this.#view = { tick: 0, self: null, others: this.#others, land };
  }

  /** Everything as it is to be shown now. */
  draw(mirror: Mirror<BlocksTypes>, nowMs: number): BlocksWorldView {
    const tick = mirror.time.renderTick(nowMs);
    this.#view.tick = tick;
    const { land, tracks } = mirror.surroundings;
    this.#view.land = land;
    this.#others.length = 0;
    for (const [id, track] of tracks) {
      if (track.goneTick > 0 && tick >= track.goneTick) tracks.delete(id);
      else this.#drawOther(mirror, track, tick);
    }
    this.#view.self = this.#drawSelf(mirror, nowMs);
    return this.#view;
  }

  #drawOther(mirror: Mirror<BlocksTypes>, track: BlocksTrack, tick: number): void {
    track.forgetBefore(tick);
    const { latest } = track;
    if (latest === undefined) return;
    this.#placement ??= { x: 0, y: 0, record: latest };
    const placement = this.#placement;
    if (!track.place(tick, placement)) return;
    const index = this.#others.length;
    const figure = this.#pool[index] ?? new Figure();
    this.#pool[index] = figure;
    const { record } = placement;
    const stands = mirror.time.standsAt !== undefined;
    const perSecond = stands ? 0 : mirror.parameters.tickRate / PARTS / UNIT;
    figure.id = record.id;
    figure.kind = record.kind;
    figure.name = record.name;
    figure.x = placement.x / UNIT;
    figure.y = placement.y / UNIT;
    figure.vx = record.vx * perSecond;
    figure.vy = record.vy * perSecond;
    figure.facing = record.facing;
    figure.state = record.state;
    figure.wounds = record.wounds;
    figure.item = record.item;
    figure.count = record.count;
    figure.home = record.home;
    this.#others.push(figure);
  }

  #drawSelf(mirror: Mirror<BlocksTypes>, nowMs: number): Figure | null {
    const place = mirror.ownPlace(nowMs);
    const { predictor, acked } = mirror;
    if (place === undefined || predictor === undefined || acked === undefined) return null;
    const { current } = predictor;
    const { tickRate } = mirror.parameters;
    const figure = this.#self;
    figure.id = mirror.entityId;
    figure.kind = KIND_PLAYER;
    figure.name = mirror.surroundings.nameOf(mirror.entityId);
    figure.x = place.x;
    figure.y = place.y;
    figure.vx = place.stepX * tickRate;
    figure.vy = place.stepY * tickRate;
    figure.facing = current.facing;
    figure.wounds = HEALTH_MAX - current.health;
    figure.self = true;
    figure.serverX = acked.x / UNIT;
    figure.serverY = acked.y / UNIT;
    return figure;
  }
}

import type { BlocksMirror } from "./blocks-mirror.ts";
import type { BlocksEntityView, BlocksLandView, BlocksWorldView } from "./blocks-session-types.ts";
import type { BlocksPlacement, BlocksTrack } from "./blocks-track.ts";

/** Hundredths in a block. */
const UNIT = 100;
/** Parts of a hundredth in which velocities are told. */
const PARTS = 64;
/** Farther than anybody walks in a tick, in hundredths: a leap, which is not drawn. */
const LEAP = 100;
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
}

/** Draws a mirror's knowledge as it is to be seen at a moment. Its objects are reused. */
export class BlocksScreen {
  readonly #self = new Figure();
  readonly #pool: Figure[] = [];
  readonly #others: Figure[] = [];
  readonly #placement: BlocksPlacement | undefined = undefined;
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
  draw(mirror: BlocksMirror, nowMs: number): BlocksWorldView {
    const tick = mirror.time.renderTick(nowMs);
    this.#view.tick = tick;
    this.#view.land = mirror.land;
    this.#others.length = 0;
    for (const [id, track] of mirror.tracks) {
      if (track.goneTick > 0 && tick >= track.goneTick) mirror.tracks.delete(id);
      else this.#drawOther(mirror, track, tick);
    }
    this.#view.self = this.#drawSelf(mirror, nowMs);
    return this.#view;
  }

  #drawOther(mirror: BlocksMirror, track: BlocksTrack, tick: number): void {
    track.forgetBefore(tick);
    const { latest } = track;
    if (latest === undefined) return;
    const placement = this.#placement ?? { x: 0, y: 0, record: latest };
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

  #drawSelf(mirror: BlocksMirror, nowMs: number): Figure | null {
    const { predictor } = mirror;
    if (predictor === undefined) return null;
    const { current, previous } = predictor;
    const fraction = Math.min(1, Math.max(0, mirror.time.predictedTick(nowMs) - predictor.tick));
    const stepX = current.x - previous.x;
    const stepY = current.y - previous.y;
    const leapt = Math.abs(stepX) > LEAP || Math.abs(stepY) > LEAP;
    const error = mirror.fadeError(nowMs);
    const back = leapt ? 0 : 1 - fraction;
    const figure = this.#self;
    const perSecond = leapt ? 0 : mirror.parameters.tickRate / UNIT;
    figure.id = mirror.entityId;
    figure.kind = KIND_PLAYER;
    figure.name = mirror.view.entities.get(mirror.entityId)?.name ?? "";
    figure.x = (current.x - stepX * back + error.x) / UNIT;
    figure.y = (current.y - stepY * back + error.y) / UNIT;
    figure.vx = stepX * perSecond;
    figure.vy = stepY * perSecond;
    figure.facing = current.facing;
    figure.wounds = HEALTH_MAX - current.health;
    figure.self = true;
    return figure;
  }
}

import type { Shown } from "../../interpolation/entity-store.ts";
import type { Sample } from "../../interpolation/track.ts";
import type { Mirror } from "../mirror.ts";
import type { ArenaView, EntityState, EntityView } from "../session-types.ts";
import { stateName } from "./arena-read.ts";
import type { ArenaTypes } from "./arena-types.ts";

/** A view before its first use. */
class Figure implements EntityView {
  id = 0;
  name = "";
  x = 0;
  y = 0;
  dx = 0;
  dy = 0;
  facingRight = true;
  state: EntityState = "idle";
  health = 0;
  score = 0;
  self = false;
  serverX = 0;
  serverY = 0;
}

/** Draws a mirror's knowledge as it is to be seen at a moment. Its objects are reused. */
export class ArenaScreen {
  readonly #self = new Figure();
  readonly #pool: Figure[] = [];
  readonly #others: Figure[] = [];
  readonly #view: { tick: number; self: EntityView | null; others: EntityView[] } = {
    tick: 0,
    self: null,
    others: this.#others,
  };

  /** Everything as it is to be shown now; nobody runs on the spot while nothing comes. */
  draw(mirror: Mirror<ArenaTypes>, nowMs: number, isConnected: boolean): ArenaView {
    const tick = mirror.time.renderTick(nowMs);
    this.#view.tick = tick;
    this.#others.length = 0;
    const stands = mirror.time.standsAt !== undefined;
    const { others } = mirror.surroundings;
    const isStill = stands || others.isStillAt(tick);
    others.each(tick, (shown) => {
      if (shown.id === mirror.entityId) return;
      const figure = this.#drawOther(shown);
      if (isStill) rest(figure);
      this.#others.push(figure);
    });
    const self = this.#drawSelf(mirror, nowMs);
    if (self !== null && (stands || !isConnected)) rest(self);
    this.#view.self = self;
    return this.#view;
  }

  #drawOther(shown: Shown): Figure {
    const index = this.#others.length;
    const figure = this.#pool[index] ?? new Figure();
    this.#pool[index] = figure;
    figure.id = shown.id;
    figure.name = shown.track.name;
    figure.x = shown.x;
    figure.y = shown.y;
    copyPose(shown.sample, figure);
    figure.serverX = (shown.track.latest?.x ?? 0) / 10;
    figure.serverY = (shown.track.latest?.y ?? 0) / 10;
    return figure;
  }

  #drawSelf(mirror: Mirror<ArenaTypes>, nowMs: number): Figure | null {
    const place = mirror.ownPlace(nowMs);
    const { predictor, acked } = mirror;
    if (place === undefined || predictor === undefined || acked === undefined) return null;
    const { current } = predictor;
    const figure = this.#self;
    figure.id = mirror.entityId;
    figure.name = mirror.surroundings.others.track(mirror.entityId)?.name ?? "";
    figure.x = place.x;
    figure.y = place.y;
    figure.state = stateName(current.state);
    figure.dx = figure.state === "moving" ? (current.controls?.dx ?? 0) : 0;
    figure.dy = figure.state === "moving" ? (current.controls?.dy ?? 0) : 0;
    figure.facingRight = current.facingRight;
    figure.health = current.health;
    figure.score = current.score;
    figure.self = true;
    figure.serverX = acked.x / 10;
    figure.serverY = acked.y / 10;
    return figure;
  }
}

function rest(figure: Figure): void {
  if (figure.state !== "moving") return;
  figure.state = "idle";
  figure.dx = 0;
  figure.dy = 0;
}

function copyPose(sample: Sample, figure: Figure): void {
  figure.dx = sample.dx;
  figure.dy = sample.dy;
  figure.facingRight = sample.facingRight;
  figure.state = sample.state;
  figure.health = sample.health;
  figure.score = sample.score;
}

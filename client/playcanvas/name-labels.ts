import type { EntityView } from "../sdk/session-types.ts";
import { Script } from "./engine.ts";
import { type LabelBox, LabelLayout } from "./label-layout.ts";
import { LabelSprites } from "./label-sprites.ts";
import type { ScreenOverlay } from "./screen-overlay.ts";
import type { BoundEntity, SessionBinding } from "./session-binding.ts";

const BAR_WIDTH = 46;
const BAR_HEIGHT = 5;
const HEALTH_MAX = 100;
/** People near the own player whose names are considered. */
const CANDIDATES_MAX = 120;
const NOTHING = { width: 0, height: 0 };
/** CSS pixels of a window at which names are written smaller or larger. */
const SMALL_WIDTH = 640;
const LARGE_WIDTH = 2000;

/** Where somebody's label stands; CSS pixels. */
interface Mark {
  readonly view: EntityView;
  readonly x: number;
  readonly y: number;
  /** 0 for the own player, more the farther from it. */
  readonly rank: number;
}

/** Colour of a health bar, green to red; also where health is shown as text. */
export function healthColour(health: number): string {
  if (health > 60) return "#7ddc6f";
  return health > 30 ? "#ffc94d" : "#ff6b5e";
}

/**
 * Draws health bars over the heads of everyone hurt that a `SessionBinding` shows, and names as far
 * as they do not cover each other, those nearest to the own player first. Then fires
 * `draw` with the overlay afterwards for whatever else belongs on top of the scene.
 */
export class NameLabels extends Script {
  static override scriptName = "nameLabels";

  binding: SessionBinding | null = null;
  overlay: ScreenOverlay | null = null;
  /** Units above the ground at which the label stands. */
  labelHeight = 58;
  /** Colour of a name. */
  colourOf: (view: EntityView) => string = (view) => (view.self ? "#ffe27a" : "#ffffff");
  #sprites: LabelSprites | null = null;
  readonly #layout = new LabelLayout();
  #marks: Mark[] = [];

  initialize(): void {
    this.app.on("prerender", this.draw, this);
    this.once("destroy", () => this.app.off("prerender", this.draw, this));
  }

  draw(): void {
    const { binding, overlay } = this;
    if (binding === null || overlay === null) return;
    this.#sprites ??= new LabelSprites(() => document.createElement("canvas"));
    overlay.begin();
    this.#marks = [];
    for (const bound of binding.bound.values()) this.#mark(overlay, bound);
    const named = this.#marks.filter(({ view }) => view.name !== "");
    const nearest = named.sort((a, b) => a.rank - b.rank).slice(0, CANDIDATES_MAX);
    const names = this.#layout.choose(nearest.map((mark) => this.#boxOf(overlay, mark)));
    // Those in front are drawn last, the own player over all.
    for (const mark of this.#marks.sort((a, b) => depth(a.view) - depth(b.view))) {
      if (names.has(mark.view.id)) this.#drawName(overlay, mark);
      const { view, x, y } = mark;
      if (view.self || view.health < HEALTH_MAX) drawBar(overlay.context, { x, y }, view.health);
    }
    this.fire("draw", overlay);
  }

  #mark(overlay: ScreenOverlay, { view, entity }: BoundEntity): void {
    if (view.state === "dead") return;
    const place = entity.getLocalPosition();
    const point = overlay.project(place.x, place.y + this.labelHeight, place.z);
    if (point.z < 0 || !overlay.shows(point.x, point.y, 80)) return;
    const x = Math.round(point.x);
    const y = Math.round(point.y);
    // The camera looks at the own player.
    const away = Math.abs(x - overlay.width / 2) + Math.abs(y - overlay.height / 2);
    this.#marks.push({ view, x, y, rank: view.self ? 0 : 1 + away });
  }

  #boxOf(overlay: ScreenOverlay, { view, x, y, rank }: Mark): LabelBox {
    const { width, height } = this.#spriteOf(overlay, view) ?? NOTHING;
    return { id: view.id, x, y, width, height, rank };
  }

  #drawName(overlay: ScreenOverlay, { view, x, y }: Mark): void {
    const sprite = this.#spriteOf(overlay, view);
    if (sprite === undefined) return;
    const left = x - Math.round(sprite.width / 2);
    const top = y - sprite.height - BAR_HEIGHT;
    overlay.context.drawImage(sprite.picture, left, top, sprite.width, sprite.height);
  }

  #spriteOf(overlay: ScreenOverlay, view: EntityView) {
    return this.#sprites?.get(view.name, this.colourOf(view), {
      pixelRatio: overlay.pixelRatio,
      fontSize: fontSize(overlay.width),
    });
  }
}

function fontSize(windowWidth: number): number {
  if (windowWidth < SMALL_WIDTH) return 11;
  return windowWidth > LARGE_WIDTH ? 20 : 13;
}

function depth(view: EntityView): number {
  return view.self ? Number.POSITIVE_INFINITY : view.y;
}

function drawBar(
  context: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  health: number,
): void {
  const left = x - BAR_WIDTH / 2;
  const top = y - BAR_HEIGHT;
  const filled = Math.max(0, Math.min(1, health / HEALTH_MAX)) * BAR_WIDTH;
  context.fillStyle = "rgba(10, 18, 24, 0.8)";
  context.fillRect(left - 1, top - 1, BAR_WIDTH + 2, BAR_HEIGHT + 2);
  context.fillStyle = healthColour(health);
  context.fillRect(left, top, filled, BAR_HEIGHT);
  context.fillStyle = "rgba(255, 255, 255, 0.35)";
  context.fillRect(left, top, filled, 1.5);
}

import type { EntityView } from "../sdk/session-types.ts";
import { Script } from "./engine.ts";
import { LabelSprites } from "./label-sprites.ts";
import type { ScreenOverlay } from "./screen-overlay.ts";
import type { BoundEntity, SessionBinding } from "./session-binding.ts";

const BAR_WIDTH = 46;
const BAR_HEIGHT = 5;
const HEALTH_MAX = 100;
/** CSS pixels of a window at which names are written smaller or larger. */
const SMALL_WIDTH = 640;
const LARGE_WIDTH = 2000;

/** Colour of a health bar, green to red; also where health is shown as text. */
export function healthColour(health: number): string {
  if (health > 60) return "#7ddc6f";
  return health > 30 ? "#ffc94d" : "#ff6b5e";
}

/**
 * Draws names and health bars over the heads of everyone that a `SessionBinding` shows, and fires
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
  readonly #sorted: BoundEntity[] = [];

  initialize(): void {
    this.app.on("prerender", this.draw, this);
    this.once("destroy", () => this.app.off("prerender", this.draw, this));
  }

  draw(): void {
    const { binding, overlay } = this;
    if (binding === null || overlay === null) return;
    this.#sprites ??= new LabelSprites(() => document.createElement("canvas"));
    overlay.begin();
    // Those in front are drawn last, the own player over all.
    this.#sorted.length = 0;
    this.#sorted.push(...binding.bound.values());
    this.#sorted.sort((a, b) => rank(a.view) - rank(b.view));
    for (const bound of this.#sorted) this.#drawOne(overlay, bound);
    this.fire("draw", overlay);
  }

  #drawOne(overlay: ScreenOverlay, bound: BoundEntity): void {
    const { view } = bound;
    if (view.state === "dead") return;
    const place = bound.entity.getLocalPosition();
    const point = overlay.project(place.x, place.y + this.labelHeight, place.z);
    if (point.z < 0 || !overlay.shows(point.x, point.y, 80)) return;
    const x = Math.round(point.x);
    const y = Math.round(point.y);
    const sprite = this.#sprites?.get(view.name, this.colourOf(view), {
      pixelRatio: overlay.pixelRatio,
      fontSize: fontSize(overlay.width),
    });
    if (sprite !== undefined) {
      const left = x - Math.round(sprite.width / 2);
      const top = y - sprite.height - BAR_HEIGHT;
      overlay.context.drawImage(sprite.picture, left, top, sprite.width, sprite.height);
    }
    if (view.self || view.health < HEALTH_MAX) drawBar(overlay.context, x, y, view.health);
  }
}

function fontSize(windowWidth: number): number {
  if (windowWidth < SMALL_WIDTH) return 11;
  return windowWidth > LARGE_WIDTH ? 20 : 13;
}

function rank(view: EntityView): number {
  return view.self ? Number.POSITIVE_INFINITY : view.y;
}

function drawBar(context: CanvasRenderingContext2D, x: number, y: number, health: number): void {
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

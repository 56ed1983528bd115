/** Draws the part of the scenery that is near the camera. */
import type { Entity, GraphicsDevice } from "../../../playcanvas/engine.ts";
import type { WorldOrigin } from "../../../playcanvas/index.ts";
import { Batch } from "../../scene/batch.ts";
import { isVisible, type VisibleGround } from "../../scene/camera-rig.ts";
import type { Materials } from "../../scene/materials.ts";
import { createPlacement, createTransform, place } from "../../scene/transform.ts";
import type { Scenery } from "./scenery.ts";
import { SCENERY, sceneryShapes } from "./scenery-shapes.ts";

/** Units that the camera may go before what is near is gathered again. */
const REGATHER_DISTANCE = 40;

/** Units beyond the picture from which tall things reach into it. */
const TALL_MARGIN = 110;
const SMALL: ReadonlySet<number> = new Set([SCENERY.grass, SCENERY.flower, SCENERY.pebble]);

/** Keeps one batch for each kind of thing. */
export class SceneryView {
  readonly #scenery: Scenery;
  readonly #batches: readonly Batch[];
  readonly #placement = createPlacement();
  readonly #transform = createTransform();
  #gatheredX = Number.NaN;
  #gatheredY = Number.NaN;

  constructor(
    device: GraphicsDevice,
    scenery: Scenery,
    from: { materials: Materials; createChild: (name: string) => Entity },
  ) {
    const { solid, shadow } = from.materials;
    this.#scenery = scenery;
    this.#batches = sceneryShapes().map(
      (shape, kind) =>
        new Batch(from.createChild("scenery"), device, {
          shape,
          // Shadows of what is small cost as much as others and are hardly seen.
          materials: SMALL.has(kind) ? [solid] : [solid, shadow],
        }),
    );
  }

  /** Gathers anew at the next update, e.g. when the origin has moved. */
  reset(): void {
    this.#gatheredX = Number.NaN;
  }

  update(
    origin: WorldOrigin,
    from: { centre: { x: number; y: number }; ground: VisibleGround; plants: number },
  ): void {
    const { centre, ground, plants } = from;
    const gone = Math.hypot(centre.x - this.#gatheredX, centre.y - this.#gatheredY);
    if (gone < REGATHER_DISTANCE) return;
    this.#gatheredX = centre.x;
    this.#gatheredY = centre.y;
    for (const batch of this.#batches) batch.clear();
    const half = {
      width: ground.farHalfWidth + TALL_MARGIN,
      height: Math.max(ground.far, ground.near) + TALL_MARGIN,
    };
    this.#scenery.around(centre, half, (item) => {
      const small = SMALL.has(item.kind);
      // The turn is as good as a random number for choosing which ones are left out.
      if (small && item.turn > plants * Math.PI * 2) return;
      const margin = small ? REGATHER_DISTANCE : TALL_MARGIN;
      if (!isVisible(ground, item.x - centre.x, item.y - centre.y, margin)) return;
      this.#placement.x = origin.sceneX(item.x);
      this.#placement.z = origin.sceneZ(item.y);
      this.#placement.turnY = item.turn;
      this.#placement.scale = item.scale;
      this.#batches[item.kind]?.add(place(this.#transform, this.#placement), {
        colour: item.colour,
        extra: [1, 0, item.sway, item.x * 0.05 + item.y * 0.03],
      });
    });
    for (const batch of this.#batches) batch.flush();
  }
}

/** The land of one world: ground and scenery, painted from its seed. */
import type { AppBase, Entity } from "../../../playcanvas/engine.ts";
import type { WorldOrigin } from "../../../playcanvas/index.ts";
import type { VisibleGround } from "../../scene/camera-rig.ts";
import { createChild } from "../../scene/engine-setup.ts";
import type { Materials } from "../../scene/materials.ts";
import { Ground } from "./ground.ts";
import { type GroundMap, paintMap } from "./ground-map.ts";
import { plantScenery } from "./scenery.ts";
import { SceneryView } from "./scenery-view.ts";

/** What the land follows from. */
export interface StageWorld {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

/** Units of ground beyond the picture. */
const MARGIN = 30;

export class Surroundings {
  readonly world: StageWorld;
  readonly map: GroundMap;
  readonly scenery: SceneryView;
  readonly #ground: Ground;
  readonly #root: Entity;

  constructor(app: AppBase, world: StageWorld, materials: Materials) {
    this.world = world;
    this.map = paintMap(world.seed);
    this.#root = createChild(app.root, "surroundings");
    const device = app.graphicsDevice;
    const land = { ...world, map: this.map };
    this.#ground = new Ground(createChild(this.#root, "ground"), device, land);
    this.scenery = new SceneryView(device, plantScenery(land), {
      materials,
      createChild: (name) => createChild(this.#root, name),
    });
  }

  /** Draws what is around the camera's middle. */
  update(
    origin: WorldOrigin,
    from: {
      centre: { x: number; y: number };
      ground: VisibleGround;
      seconds: number;
      /** Part of the small plants that is drawn. */
      plants: number;
    },
  ): void {
    const { centre, ground, seconds } = from;
    this.scenery.update(origin, from);
    const reach = Math.max(ground.far, ground.near, ground.farHalfWidth) + MARGIN;
    this.#ground.update({ origin, x: centre.x, y: centre.y, reach, seconds });
  }

  destroy(): void {
    this.#root.destroy();
  }
}

/** The arena's floor and what lies around it. */
import {
  type Entity,
  FILTER_LINEAR,
  FILTER_LINEAR_MIPMAP_LINEAR,
  type GraphicsDevice,
  Mesh,
  MeshInstance,
  PIXELFORMAT_RGBA8,
  SEMANTIC_POSITION,
  ShaderMaterial,
  Texture,
} from "../../../playcanvas/engine.ts";
import type { WorldOrigin } from "../../../playcanvas/index.ts";
import { GROUND_FRAGMENT, GROUND_VERTEX } from "../../scene/shaders.ts";
import { DETAIL_SIZE, type GroundMap, MAP_SIZE, paintDetail } from "./ground-map.ts";

/** What the ground must know each frame; units. */
export interface GroundFrame {
  readonly origin: WorldOrigin;
  /** Where the camera looks, in the world. */
  readonly x: number;
  readonly y: number;
  /** Half the size of the patch that is drawn. */
  readonly reach: number;
  readonly seconds: number;
}

/** One quad under the camera; all else is in its shader. */
export class Ground {
  readonly #material: ShaderMaterial;

  constructor(
    parent: Entity,
    device: GraphicsDevice,
    world: { width: number; height: number; seed: number; map: GroundMap },
  ) {
    const material = new ShaderMaterial({
      uniqueName: "tessera-ground",
      vertexGLSL: GROUND_VERTEX,
      fragmentGLSL: GROUND_FRAGMENT,
      attributes: { vertex_position: SEMANTIC_POSITION },
    });
    const { map } = world;
    material.setParameter("uDetail", texture(device, DETAIL_SIZE, paintDetail(world.seed)));
    material.setParameter("uMap", texture(device, MAP_SIZE, map.pixels));
    material.setParameter("uSize", [world.width, world.height]);
    material.setParameter("uHeart", [map.heart.x * world.width, map.heart.y * world.height]);
    material.update();
    this.#material = material;
    const mesh = new Mesh(device);
    mesh.setPositions([-1, 0, -1, -1, 0, 1, 1, 0, 1, 1, 0, -1]);
    mesh.setIndices([0, 1, 2, 0, 2, 3]);
    mesh.update();
    const instance = new MeshInstance(mesh, material);
    instance.cull = false;
    parent.addComponent("render", { meshInstances: [instance] });
  }

  update(frame: GroundFrame): void {
    const { origin, reach } = frame;
    const area = [origin.sceneX(frame.x), origin.sceneZ(frame.y), reach, reach];
    this.#material.setParameter("uArea", area);
    this.#material.setParameter("uOrigin", [origin.x, origin.y]);
    this.#material.setParameter("uPlayer", [frame.x, frame.y]);
    this.#material.setParameter("uTime", frame.seconds);
  }
}

function texture(device: GraphicsDevice, size: number, pixels: Uint8Array): Texture {
  const made = new Texture(device, {
    width: size,
    height: size,
    format: PIXELFORMAT_RGBA8,
    mipmaps: true,
    minFilter: FILTER_LINEAR_MIPMAP_LINEAR,
    magFilter: FILTER_LINEAR,
    anisotropy: 2,
    levels: [pixels],
  });
  made.upload();
  return made;
}

/** The land's materials, one for each layer; land-shaders.ts says what they do. */
import {
  BLEND_NONE,
  CULLFACE_BACK,
  FILTER_LINEAR,
  FILTER_LINEAR_MIPMAP_LINEAR,
  type GraphicsDevice,
  PIXELFORMAT_RGBA8,
  SEMANTIC_COLOR,
  SEMANTIC_POSITION,
  SEMANTIC_TEXCOORD0,
  ShaderMaterial,
  Texture,
} from "../../../playcanvas/engine.ts";
import {
  ACTIVE_FRAGMENT,
  ACTIVE_VERTEX,
  CEILING_FRAGMENT,
  CEILING_VERTEX,
  FLOOR_FRAGMENT,
  FLOOR_VERTEX,
} from "./land-shaders.ts";
import { paintDetails, TEXTURE_SIZE } from "./land-texture.ts";

/** A place around which ceilings are not drawn whole; scene units. */
export interface Opening {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
  /** Part that is left in its middle. */
  readonly left: number;
}

/** Materials shared by all chunks, by layer. */
export class LandMaterials {
  readonly layers: readonly ShaderMaterial[];
  readonly #openings = new Float32Array(8);

  constructor(device: GraphicsDevice) {
    const detail = createDetail(device);
    this.layers = [
      create("floor", FLOOR_VERTEX, FLOOR_FRAGMENT),
      create("active", ACTIVE_VERTEX, ACTIVE_FRAGMENT),
      create("ceiling", CEILING_VERTEX, CEILING_FRAGMENT),
    ];
    for (const material of this.layers) material.setParameter("uDetail", detail);
    this.open([]);
  }

  /** Goes on to a moment, with the scene's zero at this place of the world. */
  update(seconds: number, origin: { readonly x: number; readonly y: number }): void {
    for (const material of this.layers) {
      material.setParameter("uTime", seconds);
      material.setParameter("uOrigin", [origin.x, origin.y]);
    }
  }

  /** Fades ceilings around at most two places. */
  open(openings: readonly Opening[]): void {
    for (let index = 0; index < 2; index += 1) {
      const { x, z, radius, left } = openings[index] ?? { x: 0, z: 0, radius: -1000, left: 1 };
      this.#openings.set([x, z, radius, left], index * 4);
    }
    this.layers[2]?.setParameter("uOpenings[0]", this.#openings);
  }
}

function create(name: string, vertexGLSL: string, fragmentGLSL: string): ShaderMaterial {
  const material = new ShaderMaterial({
    uniqueName: `tessera-${name}`,
    vertexGLSL,
    fragmentGLSL,
    attributes: {
      vertex_position: SEMANTIC_POSITION,
      vertex_color: SEMANTIC_COLOR,
      vertex_detail: SEMANTIC_TEXCOORD0,
    },
  });
  material.cull = CULLFACE_BACK;
  material.blendType = BLEND_NONE;
  material.update();
  return material;
}

function createDetail(device: GraphicsDevice): Texture {
  const texture = new Texture(device, {
    name: "land-detail",
    width: TEXTURE_SIZE,
    height: TEXTURE_SIZE,
    format: PIXELFORMAT_RGBA8,
    mipmaps: true,
    minFilter: FILTER_LINEAR_MIPMAP_LINEAR,
    magFilter: FILTER_LINEAR,
    levels: [paintDetails()],
  });
  texture.upload();
  return texture;
}

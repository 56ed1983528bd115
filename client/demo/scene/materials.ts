/** The scene's materials; shaders.ts says what they do. */
import {
  BLEND_NONE,
  BLEND_NORMAL,
  CULLFACE_BACK,
  CULLFACE_NONE,
  FUNC_EQUAL,
  SEMANTIC_COLOR,
  SEMANTIC_NORMAL,
  SEMANTIC_POSITION,
  SEMANTIC_TEXCOORD0,
  ShaderMaterial,
  STENCILOP_INCREMENT,
  StencilParameters,
} from "../../playcanvas/engine.ts";
import {
  DECAL_FRAGMENT,
  DECAL_VERTEX,
  SHADOW_FRAGMENT,
  SHADOW_VERTEX,
  SOLID_FRAGMENT,
  SOLID_VERTEX,
} from "./shaders.ts";

const ATTRIBUTES = {
  vertex_position: SEMANTIC_POSITION,
  vertex_normal: SEMANTIC_NORMAL,
  vertex_color: SEMANTIC_COLOR,
  vertex_copy: SEMANTIC_TEXCOORD0,
};

/** Materials shared by all batches of a scene. */
export interface Materials {
  readonly solid: ShaderMaterial;
  readonly shadow: ShaderMaterial;
  readonly decal: ShaderMaterial;
}

export function createMaterials(): Materials {
  const solid = new ShaderMaterial({
    uniqueName: "tessera-solid",
    vertexGLSL: SOLID_VERTEX,
    fragmentGLSL: SOLID_FRAGMENT,
    attributes: ATTRIBUTES,
  });
  solid.cull = CULLFACE_BACK;
  solid.blendType = BLEND_NONE;
  solid.update();
  const shadow = new ShaderMaterial({
    uniqueName: "tessera-shadow",
    vertexGLSL: SHADOW_VERTEX,
    fragmentGLSL: SHADOW_FRAGMENT,
    attributes: ATTRIBUTES,
  });
  shadow.cull = CULLFACE_BACK;
  shadow.blendType = BLEND_NORMAL;
  shadow.depthWrite = false;
  // Each pixel is darkened once, however many parts lie over it.
  const once = new StencilParameters({ func: FUNC_EQUAL, ref: 0, zpass: STENCILOP_INCREMENT });
  shadow.stencilFront = once;
  shadow.stencilBack = once;
  shadow.update();
  const decal = new ShaderMaterial({
    uniqueName: "tessera-decal",
    vertexGLSL: DECAL_VERTEX,
    fragmentGLSL: DECAL_FRAGMENT,
    attributes: ATTRIBUTES,
  });
  decal.cull = CULLFACE_NONE;
  decal.blendType = BLEND_NORMAL;
  decal.depthWrite = false;
  decal.update();
  return { solid, shadow, decal };
}
